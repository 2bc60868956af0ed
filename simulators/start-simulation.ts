/**
 * Plays a scenario to a running system: every device first sends what it has stored, then goes on live.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/time/instant.ts';
import { DevicePublisher } from './mqtt-publisher.ts';
import { deviceReports, siteReports } from './report-stream.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';
import type { ScenarioDevice } from './site-devices.ts';

/** What is said about a simulation; a pino logger fits. */
export interface SimulationLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly url: string;
  /** Password of the user `{site}/{device}`; absent = the broker needs none. */
  readonly passwordFor?: (site: string, device: string) => string | Promise<string>;
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
  readonly connected: number;
  /** Reports made and not yet confirmed. */
  readonly waiting: number;
  readonly confirmed: number;
  /** Connections that failed or were lost. */
  readonly losses: number;
  /** Sites that are still sending what was stored. */
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
 * What is made at once. Within it the backlog of a site goes out minute by minute, each confirmed before the next: a
 * reader that compares devices takes what is more than a minute behind for late, and goes back for it.
 */
const WINDOW_MS = HOUR_MS;
/** Connections are spread over this time. */
const KNOCKING_MS = 1_500;
/** A clock that is put right is noticed this soon. */
const LONGEST_PAUSE_MS = 30 * SECOND_MS;
/** What the end of a former run may have left unsent; what arrives twice has no effect. */
const OVERLAP_MS = 2 * MINUTE_MS;
const LOSS_LOG_EVERY_MS = 10 * SECOND_MS;

interface Player {
  readonly scenario: Scenario;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly speed: number;
  readonly publisherOf: (device: ScenarioDevice) => DevicePublisher;
}

async function waitUntil(player: Player, at: number): Promise<void> {
  while (!player.signal.aborted) {
    const restMs = (at - player.now()) / player.speed;
    if (restMs <= 0) return;
    try {
      await pause(Math.min(restMs, LONGEST_PAUSE_MS), undefined, { signal: player.signal });
    } catch (error) {
      if (!player.signal.aborted) throw error;
    }
  }
}

/** Sends what the site has stored, minute by minute; gives back from when on it is live. */
async function playBacklog(player: Player, site: ScenarioSite, beganAt: number): Promise<number> {
  const devices = new Map(site.devices.map((device) => [device.id, player.publisherOf(device)]));
  const confirmed = async (): Promise<void> => {
    await Promise.all([...devices.values()].map((publisher) => publisher.drained()));
  };
  let fromAt = beganAt;
  while (!player.signal.aborted) {
    const toAt = Math.min(fromAt + WINDOW_MS, Math.floor(player.now() / MINUTE_MS) * MINUTE_MS);
    if (toAt <= fromAt) break;
    let minute = 0;
    for (const report of siteReports(player.scenario, site, { fromAt, toAt })) {
      const next = Math.floor(report.at / MINUTE_MS);
      if (next !== minute) await confirmed();
      if (player.signal.aborted) return fromAt;
      minute = next;
      devices.get(report.device)?.push([report]);
    }
    await confirmed();
    fromAt = toAt;
  }
  return fromAt;
}

async function playLive(player: Player, device: ScenarioDevice, beganAt: number): Promise<void> {
  const publisher = player.publisherOf(device);
  for (let fromAt = beganAt; !player.signal.aborted; fromAt += WINDOW_MS) {
    await waitUntil(player, fromAt);
    for (const report of deviceReports(player.scenario, device, { fromAt, toAt: fromAt + WINDOW_MS })) {
      await waitUntil(player, report.at);
      if (player.signal.aborted) return;
      publisher.push([report]);
    }
  }
}

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

function createPublishers(options: SimulationOptions, now: () => number): ReadonlyMap<ScenarioDevice, DevicePublisher> {
  const { passwordFor, url } = options;
  const onLoss = createLossLog(options);
  return new Map(
    options.scenario.sites
      .flatMap(({ devices }) => devices)
      .map((device) => {
        const { site, id, random } = device;
        const password = passwordFor === undefined ? {} : { password: () => passwordFor(site, id) };
        return [device, new DevicePublisher({ url, site, device: id, ...password, now, random, onLoss })];
      }),
  );
}

function addUp(publishers: Iterable<DevicePublisher>, catchingUp: number): SimulationStats {
  const all = [...publishers].map((publisher) => publisher.stats());
  const sum = (of: (stats: (typeof all)[number]) => number): number =>
    all.reduce((total, stats) => total + of(stats), 0);
  return {
    devices: all.length,
    connected: sum(({ isConnected }) => (isConnected ? 1 : 0)),
    waiting: sum(({ waiting }) => waiting),
    confirmed: sum(({ confirmed }) => confirmed),
    losses: sum(({ losses }) => losses),
    catchingUp,
  };
}

/**
 * Starts sending and goes on until it is stopped. The same scenario, seed and start give the same values at the same
 * instants, however often it is started: what arrives twice is a repeat.
 */
export function startSimulation(options: SimulationOptions): Simulation {
  const { scenario, speed = 1, logger } = options;
  const beganAt = options.now();
  const now = (): number => beganAt + (options.now() - beganAt) * speed;
  const abort = new AbortController();
  // Every device waits on it.
  setMaxListeners(0, abort.signal);
  const publishers = createPublishers(options, now);
  const publisherOf = (device: ScenarioDevice): DevicePublisher => {
    const publisher = publishers.get(device);
    if (publisher === undefined) throw new RangeError(`device ${device.site}/${device.id} is not in the scenario`);
    return publisher;
  };
  const player: Player = { scenario, signal: abort.signal, now, speed, publisherOf };
  for (const [device, publisher] of publishers) publisher.start(device.random.uniformAt(-1) * KNOCKING_MS);

  const catchingUp = new Set(scenario.sites);
  const backlogs = scenario.sites.map(async (site) => {
    const beganFromAt = Math.max(site.backlogFromAt, (options.backlogFromAt ?? -Infinity) - OVERLAP_MS);
    const liveFromAt = await playBacklog(player, site, beganFromAt);
    catchingUp.delete(site);
    return { site, liveFromAt };
  });
  const lives = backlogs.map(async (backlog) => {
    const { site, liveFromAt } = await backlog;
    await Promise.all(site.devices.map((device) => playLive(player, device, liveFromAt)));
  });
  const stats = (): SimulationStats => addUp(publishers.values(), catchingUp.size);
  const backlogDelivered = Promise.all(backlogs).then(() => {
    if (!abort.signal.aborted) logger.info({ ...stats() }, 'simulators.backlog.delivered');
  });
  const ended = Promise.all(lives).then(() => undefined);
  const stop = async (): Promise<void> => {
    abort.abort();
    await Promise.all([...publishers.values()].map((publisher) => publisher.stop()));
    await ended;
  };
  return { stop, stats, backlogDelivered, ended };
}
