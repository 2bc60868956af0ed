/**
 * A broker that was there already as the source of reports: several connections of one shared subscription. Each handles
 * one message after the other, so their number sets how many are on their way into the log at one time. All processes of
 * a group share what the broker has; what is in a connection's session waits for the process of that name.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import { BrokerSlot, type SlotOptions } from './broker-slot.ts';

export interface BrokerSourceOptions {
  /** `mqtt(s)://user:password@host:port` */
  readonly url: string;
  readonly group: string;
  /** Of this process, the same after each start; no other process of the group has it. */
  readonly name: string;
  readonly connections: number;
  /** A message is given up after this time, ms; the keep-alive has to be longer. */
  readonly refusalMs: number;
  readonly tls?: { readonly key?: Buffer; readonly cert?: Buffer; readonly ca?: Buffer };
  /** True when the message is durable, whatever it is; false: it has to come again. */
  readonly deliver: SlotOptions['deliver'];
  /** Told why a connection ended. */
  readonly ended: (why: Error) => void;
}

export interface SourceFigures {
  /** Connections that are subscribed now. */
  connected: number;
  /** Connections that have ended. */
  ended: number;
}

export interface BrokerSource {
  readonly figures: SourceFigures;
  /** Takes nothing more, and acknowledges what becomes durable. Idempotent. */
  readonly stop: () => Promise<void>;
}

const START_MS = 15_000;
const LEAST_KEEPALIVE_SECONDS = 60;

/** Without what must not be shown. */
function shownUrl(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

interface Heard {
  readonly figures: SourceFigures;
  readonly subscribed: () => void;
  readonly ended: (why: Error) => void;
}

function slotOptions(options: BrokerSourceOptions, index: number, { figures, subscribed, ended }: Heard): SlotOptions {
  // A ping's answer waits behind a message that is being handled.
  const keepalive = Math.max(LEAST_KEEPALIVE_SECONDS, Math.ceil((3 * options.refusalMs) / 1_000));
  return {
    url: options.url,
    clientId: `${options.group}-${options.name}-${String(index)}`,
    subscription: `$share/${options.group}/stackwarden/v1/+/+/report`,
    connection: { keepalive, ...options.tls },
    deliver: options.deliver,
    changed: (isSubscribed) => {
      figures.connected += isSubscribed ? 1 : -1;
      if (isSubscribed) subscribed();
    },
    ended,
  };
}

/** Resolves with whether it happened in time. */
async function inTime(happened: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, START_MS);
  });
  const isInTime = await Promise.race([happened.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}

/** @throws UnavailableError where no connection is subscribed within 15 s */
export async function startBrokerSource(options: BrokerSourceOptions): Promise<BrokerSource> {
  const figures: SourceFigures = { connected: 0, ended: 0 };
  let subscribed: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    subscribed = resolve;
  });
  let last: Error | undefined;
  const ended = (why: Error): void => {
    figures.ended += 1;
    last = why;
    options.ended(why);
  };
  const slots = Array.from(
    { length: options.connections },
    (_, index) => new BrokerSlot(slotOptions(options, index, { figures, subscribed: () => subscribed(), ended })),
  );
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= Promise.all(slots.map((slot) => slot.stop()));
    await stopped;
  };
  for (const slot of slots) slot.start();
  if (await inTime(first)) return { figures, stop };
  await stop();
  const why = last === undefined ? 'no connection' : last.message;
  throw new UnavailableError(`the broker ${shownUrl(options.url)} does not answer: ${why}`);
}
