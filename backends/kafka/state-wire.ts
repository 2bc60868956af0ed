/**
 * The state of a partition's detector as messages: one for each key, and behind those of a commit a head that seals
 * them. What no head stands behind was written by an owner that did not come to its end, and does not count.
 *
 * Keys begin with an epoch. With transactions it is always 0: what is not whole is never seen. Without them each owner
 * writes a new one, the whole state first, so that an owner that hung and comes back cannot spoil what counts.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import type { OutgoingMessage } from './durable-producer.ts';

const WIRE_VERSION = 1;
const HEAD = 'head';

/** Keys of a detector that are many; all others stand in the head. */
const MANY = /^(site|base)\//;

export interface StateHead {
  readonly v: number;
  /** Every key of the detector that is not kept by site. */
  readonly entries: Readonly<Record<string, string>>;
}

export interface StatePlace {
  readonly topic: string;
  readonly partition: number;
}

export function standsInHead(key: string): boolean {
  return !MANY.test(key);
}

export function stateMessage(
  { topic, partition }: StatePlace,
  epoch: number,
  key: string,
  value: string | null,
): OutgoingMessage {
  return { topic, partition, key: `${String(epoch)}:${key}`, value: value === null ? null : Buffer.from(value) };
}

export function headMessage(place: StatePlace, epoch: number, entries: ReadonlyMap<string, string>): OutgoingMessage {
  const head: StateHead = { v: WIRE_VERSION, entries: Object.fromEntries(entries) };
  return stateMessage(place, epoch, HEAD, JSON.stringify(head));
}

export interface StateKey {
  readonly epoch: number;
  /** Undefined of a head. */
  readonly key: string | undefined;
}

export function parseStateKey(text: string): StateKey {
  const cut = text.indexOf(':');
  const key = text.slice(cut + 1);
  return { epoch: Number(text.slice(0, cut)), key: key === HEAD ? undefined : key };
}

/** @throws UnavailableError of a later version's head */
export function parseHead(value: Buffer): StateHead {
  const head = JSON.parse(value.toString('utf8')) as StateHead;
  if (head.v >= 1 && head.v <= WIRE_VERSION) return head;
  throw new UnavailableError(
    `a state was saved by a later version (format ${String(head.v)}, known up to ${String(WIRE_VERSION)}): update this process`,
  );
}
