/**
 * A broker that was there already as the source of reports. One connection takes what comes for this process alone; several
 * share it among each other and with other processes of the group. Mosquitto forgets shared subscriptions when it is
 * started again, until their connections are back: then what it acknowledges meanwhile is lost.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import { BrokerSlot, type SlotOptions } from './broker-slot.ts';

export interface BrokerSourceOptions {
  /** `mqtt(s)://user:password@host:port` */
  readonly url: string;
  readonly group: string;
  /** Of this process, the same after each start; no other process of the group has it. */
  readonly name: string;
  /** 1 = what comes for this process alone; more = shared. */
  readonly connections: number;
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
/** A broker that hangs is noticed after one and a half times as long. */
const KEEPALIVE_SECONDS = 30;

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
  const share = options.connections === 1 ? '' : `$share/${options.group}/`;
  return {
    url: options.url,
    clientId: `${options.group}-${options.name}-${String(index)}`,
    subscription: `${share}stackwarden/v1/+/+/report`,
    connection: { keepalive: KEEPALIVE_SECONDS, ...options.tls },
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
