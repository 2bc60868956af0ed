/**
 * What three plants did around the moment at which the messages of `kafka-v1` were kept: one exceeds, the lines of two
 * monitors are down, filters are off, an order is in force; with a record of every kind, and a backlog that waits.
 */
import type { OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { messagesOf } from '../../backends/kafka/log-messages.ts';
import { encodeRegistry } from '../../backends/kafka/registry-shelf.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { registryEntry, WORKS_BEGIN, worksEntries, worksRegistry } from '../kafka/works.ts';
import { KEPT_PARTITIONS } from './kept-kafka.ts';

const SITES = 3;
const MINUTES = 540;
/** One under which all of that is so at {@link STOPPED_MINUTE}. */
const SEED = 314;
const MINUTE_MS = 60_000;
/** A detector left and another one went on. */
export const HANDED_OVER_MINUTE = 150;
/** The detector stopped in the middle of an hour; the log goes on a little. */
export const STOPPED_MINUTE = 290;
export const KEPT_MINUTE = 300;
/** Of its registry: too long for one message. */
const LONG_COMMENT = `# ${'x'.repeat(1_100_000)}\n`;
const DEAD_TOPIC = 'stackwarden/v1/works-0/cems-1/report';
/** Stored by `works-0` and sent in one go; not in the live stream. */
const STORED = { site: 'works-0', from: 200, to: 215, sent: 230 };

const at = (minute: number): number => WORKS_BEGIN + minute * MINUTE_MS;
const local = (minute: number): string => new Date(at(minute)).toISOString();

function entered(): LogEntry[] {
  const order = {
    id: 'kept-order',
    kind: 'shutdown',
    level: 'red',
    from: local(240),
    to: local(420),
    graceMinutes: 15,
    scope: { lines: ['works-1/line-1'] },
    document: 'practice',
  };
  const mark = { site: 'works-2', outlet: 'stack-1', state: 'maintenance', from: local(90), to: local(130) };
  return [
    { kind: 'tick', received: at(0), restarted: true },
    { kind: 'order', received: at(60), body: JSON.stringify(order), by: 'kept' },
    { kind: 'mark', received: at(100), body: JSON.stringify(mark), by: 'kept' },
    {
      kind: 'dead',
      received: at(120),
      reason: 'payload-not-json',
      detail: 'kept',
      topic: DEAD_TOPIC,
      payload: '{"ts":',
      encoding: 'utf8',
    },
    registryEntry(worksRegistry(SITES, 130), at(250)),
  ];
}

const minuteOf = (body: string): number => (Date.parse((JSON.parse(body) as { ts: string }).ts) - at(0)) / MINUTE_MS;

/** The monitor of one plant stored some minutes; a value of the first hour is sent again as another one. */
function withStored(entry: LogEntry): LogEntry {
  if (entry.kind !== 'report' || entry.site !== STORED.site || entry.device !== 'cems-1') return entry;
  const minute = minuteOf(entry.body);
  if (minute < STORED.from || minute >= STORED.to) return entry;
  return { ...entry, received: Math.max(entry.received, at(STORED.sent)), isLate: true };
}

function rewritten(): LogEntry {
  const body = JSON.stringify({ ts: local(10), values: { nox: 12.5 }, resent: true });
  return { kind: 'report', received: at(260), site: 'works-2', device: 'cems-1', body };
}

function live(): readonly LogEntry[] {
  const all = [...entered(), ...worksEntries(SITES, MINUTES, SEED).map(withStored), rewritten()];
  return all.sort((one, other) => one.received - other.received);
}

/** What was received from a minute until before another one, the registry first of all. */
export function keptEntries(from: number, to: number): readonly LogEntry[] {
  const registry = registryEntry(LONG_COMMENT + worksRegistry(SITES));
  return [...(from === 0 ? [registry] : []), ...live()].filter(
    ({ received }) => received >= at(from) && received < at(to),
  );
}

/** Everything that comes after what was kept. */
export function laterEntries(): readonly LogEntry[] {
  return live().filter(({ received }) => received >= at(KEPT_MINUTE));
}

/** The kept dead letter was sent through ingest again. @param offset of the letter, in the partition of its site */
export function redriven(offset: number): readonly LogEntry[] {
  const partition = sitePartition('works-0', KEPT_PARTITIONS);
  const body = JSON.stringify({ ts: local(119), values: { nox: 61 }, resent: true });
  return [
    { kind: 'redrive', received: at(150), deadLetter: `dl-${String(partition)}-${String(offset)}`, by: 'kept' },
    { kind: 'report', received: at(150), site: 'works-0', device: 'cems-1', body },
  ];
}

/** As ingest writes them; what has to be durable before the others stands first. */
export function toMessages(settings: KafkaSettings, entries: readonly LogEntry[]): readonly OutgoingMessage[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'registry') return messagesOf(settings, entry);
    const { digest, messages } = encodeRegistry(settings, entry.files);
    return [...messages, ...messagesOf(settings, { ...entry, digest })];
  });
}
