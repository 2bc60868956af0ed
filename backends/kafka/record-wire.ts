/**
 * A record of the log as a message: a line of JSON that says what it is, and behind it the text as it came. Readers
 * take every version from 1 to their own; what a later one wrote is refused by name, never guessed at.
 */
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';

const WIRE_VERSION = 1;

interface Head {
  readonly v: number;
  readonly kind: LogEntry['kind'];
  readonly received: number;
  readonly device?: unknown;
  readonly digest?: unknown;
}

const KINDS: ReadonlySet<unknown> = new Set<LogEntry['kind']>([
  'report',
  'dead',
  'tick',
  'registry',
  'order',
  'mark',
  'redrive',
]);

/** Fields without which a record says nothing. */
const NEEDED: { readonly [kind in LogEntry['kind']]?: 'device' | 'digest' } = { report: 'device', registry: 'digest' };

function isWhole(head: Head): boolean {
  const needed = NEEDED[head.kind];
  return (
    KINDS.has(head.kind) && Number.isFinite(head.received) && (needed === undefined || typeof head[needed] === 'string')
  );
}

/** Which field of a kind is the text behind the line. */
const TEXT_OF = { report: 'body', dead: 'payload', order: 'body', mark: 'body' } as const;
type TextKind = keyof typeof TEXT_OF;

function isTextKind(kind: LogEntry['kind']): kind is TextKind {
  return kind in TEXT_OF;
}

/** Its files stand elsewhere, under the digest. */
function encodeRegistryRecord({ received, digest }: LogEntry & { readonly kind: 'registry' }): Buffer {
  if (digest === undefined) throw new InvariantError('a registry without a digest was to be written to the log');
  return Buffer.from(JSON.stringify({ v: WIRE_VERSION, kind: 'registry', received, digest }), 'utf8');
}

export function encodeRecord(entry: LogEntry): Buffer {
  if (entry.kind === 'report') {
    // By hand: the one that comes many thousand times a second. The site is the message's key.
    const head = `{"v":${String(WIRE_VERSION)},"kind":"report","received":${String(entry.received)},"device":${JSON.stringify(entry.device)}}\n`;
    return Buffer.from(head + entry.body, 'utf8');
  }
  if (entry.kind === 'registry') return encodeRegistryRecord(entry);
  if (!isTextKind(entry.kind)) return Buffer.from(JSON.stringify({ v: WIRE_VERSION, ...entry }), 'utf8');
  const field = TEXT_OF[entry.kind];
  const { [field]: text, ...head } = entry as unknown as Record<string, unknown> & Record<typeof field, string>;
  return Buffer.from(`${JSON.stringify({ v: WIRE_VERSION, ...head })}\n${text}`, 'utf8');
}

/** @throws InvariantError of what is no record of ours, whatever version */
function readHead(text: string, offset: number): Head {
  const stray = `offset ${String(offset)} of the log is no record: ${text.slice(0, 80)}`;
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch (error) {
    throw new InvariantError(stray, { cause: error });
  }
  if (typeof head !== 'object' || head === null || typeof (head as Partial<Head>).v !== 'number')
    throw new InvariantError(stray);
  return head as Head;
}

/**
 * @param key of the message: the site of a report
 * @throws UnavailableError of a later version's message: this process has to be replaced by a newer one
 */
export function decodeRecord(value: Buffer, key: string, offset: number): LogRecord {
  const cut = value.indexOf(0x0a);
  const text = value.toString('utf8', 0, cut === -1 ? value.length : cut);
  const head = readHead(text, offset);
  if (!(head.v >= 1 && head.v <= WIRE_VERSION)) {
    throw new UnavailableError(
      `offset ${String(offset)} of the log was written by a later version (format ${String(head.v)}, known up to ${String(WIRE_VERSION)}): update this process`,
    );
  }
  if (!isWhole(head))
    throw new InvariantError(`offset ${String(offset)} of the log is no record: ${text.slice(0, 80)}`);
  const entry: Record<string, unknown> = { ...head };
  Reflect.deleteProperty(entry, 'v');
  const site = head.kind === 'report' ? { site: key } : {};
  const own = isTextKind(head.kind) ? { [TEXT_OF[head.kind]]: value.toString('utf8', cut + 1) } : {};
  return { ...entry, ...site, ...own, offset } as unknown as LogRecord;
}
