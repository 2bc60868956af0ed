/** What was seen of what flows through Kafka: intake, detection, what waits, the registry; as lines. */
import type { NewestRegistry } from '../../backends/kafka/look/newest-registry.ts';
import type { Found, KafkaFacts, WaitingPartition } from '../../backends/kafka/look/look-at-kafka.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { check, type Check } from './check.ts';

/**
 * Engineering judgement: detection is a second behind at most, and a take-over of partitions takes some ten seconds;
 * whoever is further behind is not there or does not keep up.
 */
const MOST_BEHIND_MS = MINUTE_MS;
const MOST_NAMED = 6;

/** @param ms a clock that differs a little makes it less than 0 */
export function formatAge(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${String(Math.max(0, Math.round(ms / SECOND_MS)))} s`;
  if (ms < 2 * HOUR_MS) return `${String(Math.round(ms / MINUTE_MS))} min`;
  return ms < 2 * DAY_MS ? `${(ms / HOUR_MS).toFixed(1)} h` : `${(ms / DAY_MS).toFixed(1)} days`;
}

function oldestOf(partitions: readonly WaitingPartition[]): number | undefined {
  const all = partitions.flatMap(({ oldestAt }) => oldestAt ?? []);
  return all.length === 0 ? undefined : Math.min(...all);
}

function sumOf(partitions: readonly WaitingPartition[]): number {
  return partitions.reduce((sum, { waiting }) => sum + waiting, 0);
}

/** Those that wait, the longest first. */
function named(partitions: readonly WaitingPartition[], now: number): string {
  const waiting = partitions.filter(({ waiting: number }) => number > 0);
  waiting.sort((one, other) => (one.oldestAt ?? now) - (other.oldestAt ?? now));
  const shown = waiting.slice(0, MOST_NAMED).map(({ partition, waiting: number, oldestAt }) => {
    const age = oldestAt === undefined ? '' : ` since ${formatAge(now - oldestAt)}`;
    return `${String(partition)}: ${String(number)}${age}`;
  });
  const more = waiting.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

function unknown(name: string, error: Error): Check {
  return check(name, false, `not looked at: ${error.message}`, 'see brokers and topics, and ask again');
}

/** Whether the log was made, and has something in it. */
function isLogEmpty({ newest }: KafkaFacts): boolean {
  return !(newest instanceof Error) && newest.size === 0;
}

export function detectLine(facts: KafkaFacts, now: number): Check {
  const { detect, lag } = facts;
  if (detect instanceof Error) return unknown('detect', detect);
  if (lag instanceof Error) return unknown('detect', lag);
  const { members, state } = detect;
  if (members.length === 0) {
    if (isLogEmpty(facts)) return check('detect', true, 'nobody detects, and nothing is in the log yet', '');
    const waits = sumOf(lag) === 0 ? '' : `; partitions wait: ${named(lag, now)}`;
    return check('detect', false, `nobody detects (the group is ${state})${waits}`, 'start `stackwarden detect`');
  }
  const group = `${String(members.length)} members (${state})`;
  const oldestAt = oldestOf(lag);
  if (oldestAt === undefined) return check('detect', true, `${group}, nothing waits`, '');
  const detail = `${group}; oldest unprocessed ${formatAge(now - oldestAt)}; partitions wait: ${named(lag, now)}`;
  const remedy =
    'look at the logs and /health/ready of the detectors; where they are busy, start another one or give them more cores';
  return check('detect', now - oldestAt <= MOST_BEHIND_MS, detail, remedy);
}

/** What was stored and sent later may wait for hours, that is what it is for; with nobody to move it, it waits for ever. */
export function backlogLine({ backlog, detect }: KafkaFacts, now: number): Check {
  if (backlog instanceof Error) return unknown('backlog', backlog);
  const waiting = sumOf(backlog);
  if (waiting === 0) return check('backlog', true, 'nothing waits', '');
  const oldestAt = oldestOf(backlog);
  const since = oldestAt === undefined ? '' : `, the oldest since ${formatAge(now - oldestAt)}`;
  const isMoved = !(detect instanceof Error) && detect.members.length > 0;
  const detail = `${String(waiting)} reports that came late wait${since}`;
  return check('backlog', isMoved, detail, 'start `stackwarden detect`, which works them off');
}

/** @param silent partitions that had no tick of intake for a minute */
export function intakeLine({ newest }: KafkaFacts, silent: Found<readonly number[]>, now: number): Check {
  if (newest instanceof Error) return unknown('intake', newest);
  if (newest.size === 0) return check('intake', true, 'nothing was ever taken in', '');
  if (silent instanceof Error) return unknown('intake', silent);
  const age = formatAge(now - Math.max(...newest.values()));
  if (silent.length === 0)
    return check('intake', true, `a tick within the last minute in each partition; newest record ${age} old`, '');
  const where = silent.length === newest.size ? 'any partition' : `partition ${silent.join(', ')}`;
  const detail = `nobody takes in: no tick of ingest within the last minute in ${where}; newest record ${age} old`;
  return check('intake', false, detail, 'start `stackwarden ingest`, or look at its log and /health/ready');
}

export function registryLine(registry: Found<NewestRegistry | undefined>, now: number): Check {
  if (registry instanceof Error) return unknown('registry', registry);
  const remedy = 'stackwarden registry import PATH: without one ingest acknowledges nothing';
  if (registry === undefined) return check('registry', false, 'no registry was imported yet', remedy);
  const { digest, at } = registry;
  const since = at === undefined ? '' : `, since ${new Date(at).toISOString()} (${formatAge(now - at)})`;
  return check('registry', true, `registry ${digest}${since}`, '');
}
