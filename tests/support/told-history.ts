/**
 * What detectors of a divided log tell, however often they begin anew: each log offset has outputs of its own, a commit
 * those of its stretch. So whatever is told twice, in part or overlapping is about the same.
 */
import { encodeOutcomes } from '../../backends/kafka/outcome-wire.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { commit, deadLetter, finding, HOUR_MS, instant, mark, mean, order, rule, T0 } from '../ports/builders.ts';

export interface Told {
  readonly partition: number;
  readonly value: Buffer;
}

/** A site of a partition. */
function siteOf(partition: number, partitions: number): string {
  for (let n = 0; ; n += 1) {
    const site = `site-${String(n)}`;
    if (sitePartition(site, partitions) === partition) return site;
  }
}

const STATES = ['open', 'open', 'closed'] as const;

/** What one record of the log brought; every kind of thing comes again later in another form. */
function outputsOf(offset: number, partition: number, partitions: number): DetectionCommit {
  const site = siteOf(partition, partitions);
  const own = { site, district: 'xinmi' };
  const revision = (offset % 3) + 1;
  const hour = Math.floor(offset / 2) % 4;
  const letter = { id: `dl-${String(partition)}-${String(offset - (offset % 3))}`, received: T0 + offset };
  const entered = Math.floor(offset / 4);
  return commit({
    findings:
      offset % 2 === 0
        ? [
            finding({
              ...own,
              id: `f-${String(partition)}-${String(Math.floor(offset / 6))}`,
              revision: (Math.floor(offset / 2) % 3) + 1,
              state: STATES[revision - 1] ?? 'open',
              detectedAt: instant(T0 + Math.floor(offset / 6) * HOUR_MS),
            }),
          ]
        : [],
    means: [
      mean({
        site,
        start: instant(T0 + hour * HOUR_MS),
        end: instant(T0 + (hour + 1) * HOUR_MS),
        mean: Math.floor(offset / 5),
        state: offset < 8 ? 'final' : 'revised',
      }),
    ],
    deadLetters: offset % 3 === 2 ? [] : [deadLetter({ ...letter, state: offset % 3 === 0 ? 'kept' : 'quarantined' })],
    redriven: offset % 3 === 2 ? [letter.id] : [],
    // Told by the first partition alone.
    orders:
      partition === 0 && offset % 4 === 0
        ? [
            {
              ...order({ id: `o-${String(entered % 2)}`, to: instant(T0 + entered) }),
              enteredAt: T0 + offset + partition,
            },
          ]
        : [],
    marks:
      offset % 4 === 1
        ? [mark({ id: `m-${site}`, mark: { site, state: 'stopped', from: instant(T0) }, declaredAt: T0 + offset })]
        : [],
    counts: { received: 1, stored: offset % 2, repeats: 1 - (offset % 2) },
    ...(offset === 0 ? { rules: [rule('limit.hour'), rule('limit.day')] } : {}),
  });
}

/** The commit of log offsets [from, next). */
export function stretchCommit(
  from: number,
  next: number,
  at: { partition: number; partitions: number },
): DetectionCommit {
  const all = Array.from({ length: next - from }, (_, i) => outputsOf(from + i, at.partition, at.partitions));
  const counts: Record<string, number> = {};
  for (const one of all)
    for (const [name, value] of Object.entries(one.counts)) counts[name] = (counts[name] ?? 0) + value;
  const rules = all.find((one) => one.rules !== undefined)?.rules;
  return commit({
    nextOffset: next,
    findings: all.flatMap((one) => one.findings),
    means: all.flatMap((one) => one.means),
    deadLetters: all.flatMap((one) => one.deadLetters),
    redriven: all.flatMap((one) => one.redriven ?? []),
    orders: all.flatMap((one) => one.orders),
    marks: all.flatMap((one) => one.marks),
    counts,
    ...(rules === undefined ? {} : { rules }),
  });
}

/**
 * Messages of a commit, one for every kind of thing so that it has several parts.
 * @param parts how many of them the detector sent before it ended; absent = all
 */
export function tellStretch(
  from: number,
  next: number,
  at: { readonly partition: number; readonly partitions: number; readonly parts?: number },
): readonly Told[] {
  const whole = stretchCommit(from, next, at);
  const messages = splitParts(encodeOutcomes(from, whole));
  return messages.slice(0, at.parts ?? messages.length).map((value) => ({ partition: at.partition, value }));
}

const LISTS = ['findings', 'means', 'deadLetters', 'redriven', 'orders', 'marks'];

/** Short lists travel in one message; here each gets one of its own, as long ones do. */
function splitParts(messages: readonly Buffer[]): readonly Buffer[] {
  const parts = messages.flatMap((message) => {
    const { isLast, counts, rules, ...rest } = JSON.parse(message.toString('utf8')) as Record<string, unknown>;
    const lists = LISTS.filter((list) => list in rest);
    const head = Object.fromEntries(Object.entries(rest).filter(([key]) => !LISTS.includes(key)));
    const ends = isLast === true ? { counts, ...(rules === undefined ? {} : { rules }) } : {};
    return lists.map((list, i) => ({ ...head, [list]: rest[list], ...(i === lists.length - 1 ? ends : {}) }));
  });
  return parts.map((part, i) => Buffer.from(JSON.stringify({ ...part, part: i, isLast: i === parts.length - 1 })));
}
