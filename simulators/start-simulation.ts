/**
 * Plays a scenario to a running system: every device first sends what it has stored, then goes on live.
 */
import { MINUTE_MS, SECOND_MS } from '../contracts/time/instant.ts';
import { createSenders, type ClientOptions } from './play/clients.ts';
import { createClock } from './play/clock.ts';
import { LivePlayer } from './play/live-player.ts';
import type { Sender } from './play/sender.ts';
import type { Scenario } from './scenario.ts';

/** What is said about a simulation; a pino logger fits. */
export interface SimulationLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface SimulationOptions extends Pick<ClientOptions, 'scenario' | 'url' | 'passwordFor'> {
  /** The clock, epoch ms. */
  readonly now: () => number;
  /** How much faster than the clock the plants live; 1 unless said. Above 1 reports come from the future. */
  readonly speed?: number;
  readonly logger: SimulationLog;
  /** When a former run ended: nothing much older is sent again. Never before each site's own backlog. */
  readonly backlogFromAt?: number;
}

export interface SimulationStats {
  readonly devices: number;
  /** Connections, and how many of them stand. */
  readonly clients: number;
  readonly connected: number;
  /** Reports made and not yet confirmed. */
  readonly waiting: number;
  readonly confirmed: number;
  /** Connections that failed or were lost. */
  readonly losses: number;
  /** Sites that are still sending what was stored when it began. */
  readonly catchingUp: number;
}

export interface Simulation {
  /** Ends every connection, within two seconds. */
  stop(): Promise<void>;
  stats(): SimulationStats;
  /** Resolves when every site is live, or when the simulation is stopped. */
  readonly backlogDelivered: Promise<void>;
  /** Resolves after `stop`; rejects where the simulation itself failed. */
  readonly ended: Promise<void>;
}

/**
 * How much of a store goes out at once. Where each device is a client they move forward minute by minute: a reader that
 * compares devices takes what is more than a minute behind for late, and goes back for it. A data logger sends arrays.
 */
const DEVICE_WINDOW_MS = MINUTE_MS;
const SITE_WINDOW_MS = 10 * MINUTE_MS;
/** Connections a second: a city must not knock at once, and proving who one is costs the other side more. */
const KNOCKS_PER_SECOND = 200;
const PROVEN_KNOCKS_PER_SECOND = 60;
const SHORTEST_KNOCKING_MS = 1_500;
/** What the end of a former run may have left unsent; what arrives twice has no effect. */
const OVERLAP_MS = 2 * MINUTE_MS;
const LOSS_LOG_EVERY_MS = 10 * SECOND_MS;

/** Says at most every ten seconds that connections are lost, with how many and why. */
function createLossLog({ logger, now, url }: SimulationOptions): (cause: string) => void {
  let saidAt = -Infinity;
  let unsaid = 0;
  return (cause) => {
    unsaid += 1;
    if (now() - saidAt < LOSS_LOG_EVERY_MS) return;
    logger.warn({ url, connections: unsaid, cause }, 'simulators.connection.lost');
    saidAt = now();
    unsaid = 0;
  };
}

function addUp(scenario: Scenario, senders: readonly Sender[], catchingUp: number): SimulationStats {
  const devices = scenario.sites.reduce((sum, site) => sum + site.devices.length, 0);
  let [connected, waiting, confirmed, losses] = [0, 0, 0, 0];
  for (const { publisher } of senders) {
    const stats = publisher.stats();
    connected += stats.isConnected ? 1 : 0;
    waiting += stats.waiting;
    confirmed += stats.confirmed;
    losses += stats.losses;
  }
  return { devices, clients: senders.length, connected, waiting, confirmed, losses, catchingUp };
}

/** Connects one client after the other, in an order that has nothing to do with where they are. */
function knock(senders: readonly Sender[], isProven: boolean): void {
  const perSecond = isProven ? PROVEN_KNOCKS_PER_SECOND : KNOCKS_PER_SECOND;
  const lengthMs = Math.max(SHORTEST_KNOCKING_MS, (senders.length * SECOND_MS) / perSecond);
  for (const { publisher, cursors } of senders) {
    publisher.start((cursors[0]?.device.random.uniformAt(-1) ?? 0) * lengthMs);
  }
}

/**
 * Starts sending and goes on until it is stopped. The same scenario, seed and start give the same values at the same
 * instants, however often it is started: what arrives twice is a repeat.
 */
export function startSimulation(options: SimulationOptions): Simulation {
  const { scenario, speed = 1, logger } = options;
  const clock = createClock(options.now, speed);
  const abort = new AbortController();
  const player = new LivePlayer(clock, scenario.network, abort.signal);
  const clientOptions: ClientOptions = {
    ...options,
    onLoss: createLossLog(options),
    onUp: (sender) => player.up(sender),
  };
  const windowMs = scenario.network.clients === 'site' ? SITE_WINDOW_MS : DEVICE_WINDOW_MS;
  const catchingUp = new Set(scenario.sites);
  let tellDelivered: () => void = () => undefined;
  const delivered = new Promise<void>((resolve) => {
    tellDelivered = resolve;
  });
  const senders = scenario.sites.flatMap((site) => {
    const fromAt = Math.max(site.backlogFromAt, (options.backlogFromAt ?? -Infinity) - OVERLAP_MS);
    const own = createSenders(clientOptions, site, fromAt);
    player.add(own, windowMs, () => {
      catchingUp.delete(site);
      if (catchingUp.size === 0) tellDelivered();
    });
    return own;
  });
  const stats = (): SimulationStats => addUp(scenario, senders, catchingUp.size);
  const backlogDelivered = delivered.then(() => {
    if (!abort.signal.aborted) logger.info({ ...stats() }, 'simulators.backlog.delivered');
  });
  const ended = player.run();
  knock(senders, options.passwordFor !== undefined);
  const stop = async (): Promise<void> => {
    abort.abort();
    for (const { publisher } of senders) publisher.stop();
    tellDelivered();
    await ended;
  };
  return { stop, stats, backlogDelivered, ended };
}
