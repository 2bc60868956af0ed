/** What is wrong in a scenario, and what only looks like it, for whoever wants to compare findings with it. */
import type { Subject } from '../contracts/finding.ts';
import { HOUR_MS, MINUTE_MS } from '../contracts/time/instant.ts';
import { occurrencesIn, type LaidFault } from './fault-times.ts';
import type { Strength } from './faults/fault.ts';
import { OFF_LINE_MS } from './network.ts';
import { overlap, type Span } from './plants/span.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';

/** One behaviour that a rule should find; or, with `benign`, one that it should not. */
export interface TruthLine {
  /** The rule; of a look-alike the one that it resembles. */
  readonly rule: string;
  readonly site: string;
  readonly subject: Subject;
  readonly start: string;
  /** null: it goes on beyond the span. */
  readonly end: string | null;
  /** Id of the fault or look-alike. */
  readonly fault: string;
  readonly strength?: Strength;
  /** Rules that may speak of it as well, and rightly. */
  readonly also?: readonly string[];
  readonly benign?: true;
}

/** Whether reports arrive as they are made, or at the start from stores that reach further back than a day. */
export type Delivery = 'on-time' | 'backlog';

/** From when on data that arrives is filled in rather than late. */
const FILLED_IN_AFTER_MS = 24 * HOUR_MS;

interface Behaviour extends Span {
  readonly line: Omit<TruthLine, 'start' | 'end' | 'site'>;
  readonly site: string;
}

function lineOf({ kind, settings, strength, place }: LaidFault): Behaviour['line'] {
  const subject = kind.subject(settings, place);
  const also = kind.also === undefined ? {} : { also: kind.also };
  if (kind.rule === null) return { rule: kind.resembles, subject, fault: kind.id, ...also, benign: true };
  return { rule: kind.rule, subject, fault: kind.id, strength: strength ?? 'middle', ...also };
}

function behavioursOf(fault: LaidFault, site: string, within: Span): readonly Behaviour[] {
  const limits = fault.kind.wrongIn?.(fault.settings, fault.place) ?? { fromAt: -Infinity, toAt: Infinity };
  return occurrencesIn(fault, within).flatMap((occurrence) => {
    const span = overlap(occurrence, limits);
    if (span === undefined || overlap(span, within) === undefined) return [];
    return [{ site, line: lineOf(fault), ...span }];
  });
}

/** A store that reaches further back than a day is filled in, whatever else is wrong. */
function filledIn(scenario: Scenario, site: ScenarioSite): readonly Behaviour[] {
  const toAt = scenario.startAt - FILLED_IN_AFTER_MS;
  if (site.backlogFromAt >= toAt) return [];
  return site.devices.map(({ id }) => ({
    site: site.id,
    line: { rule: 'falsification.backfill', subject: { device: id }, fault: 'backlog' },
    fromAt: site.backlogFromAt,
    toAt,
  }));
}

/** Nobody hears a site whose network is down. It must have been heard before: an outage that was there first is none. */
function cutOff(scenario: Scenario, site: ScenarioSite, within: Span): readonly Behaviour[] {
  const outages = scenario.network
    .outagesIn(site.id, within)
    .filter(({ fromAt, toAt }) => toAt - fromAt >= OFF_LINE_MS && fromAt > within.fromAt + MINUTE_MS);
  return outages.flatMap((outage) =>
    site.devices.map(({ id }) => ({
      site: site.id,
      line: { rule: 'quality.offline', subject: { device: id }, fault: 'outage' },
      ...outage,
    })),
  );
}

/**
 * The behaviours that touch [fromMs, toMs), by begin, site and rule. Spans are those of the behaviour, not of what a
 * rule makes of it: a limit on day means is exceeded all day long.
 */
export function scenarioTruth(
  scenario: Scenario,
  fromMs: number,
  toMs: number,
  delivery: Delivery = 'on-time',
): readonly TruthLine[] {
  const within = { fromAt: fromMs, toAt: toMs };
  const behaviours = scenario.sites.flatMap((site) => {
    const laid = site.faults.flatMap((fault) => behavioursOf(fault, site.id, within));
    // What is sent from a store at the start was in no outage.
    const fromAt = delivery === 'backlog' ? Math.max(fromMs, scenario.startAt) : fromMs;
    const lost = cutOff(scenario, site, { fromAt, toAt: toMs });
    return delivery === 'backlog' ? [...laid, ...lost, ...filledIn(scenario, site)] : [...laid, ...lost];
  });
  const { time } = scenario;
  return behaviours
    .toSorted((left, right) => left.fromAt - right.fromAt || compare(keyOf(left), keyOf(right)))
    .map(({ site, line: { rule, subject, ...rest }, fromAt, toAt }) => ({
      rule,
      site,
      subject,
      start: time.format(fromAt),
      end: toAt > toMs ? null : time.format(toAt),
      ...rest,
    }));
}

function keyOf({ site, line: { rule, subject } }: Behaviour): string {
  return `${site} ${rule} ${subject.device ?? ''} ${subject.signal ?? ''}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** NDJSON, one behaviour a line. */
export function formatTruth(lines: readonly TruthLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
