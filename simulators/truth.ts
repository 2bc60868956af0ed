/** What is wrong in a scenario, for whoever wants to compare findings with it. */
import type { Subject } from '../contracts/finding.ts';
import { HOUR_MS } from '../contracts/time/instant.ts';
import { occurrencesIn, type LaidFault } from './fault-times.ts';
import type { FaultPlace } from './faults/fault.ts';
import { overlap, type Span } from './plants/span.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';

/** One behaviour that a rule should find. */
export interface TruthLine {
  readonly rule: string;
  readonly site: string;
  readonly subject: Subject;
  readonly start: string;
  /** null: it goes on beyond the span. */
  readonly end: string | null;
}

/** Whether reports arrive as they are made, or at the start from stores that reach further back than a day. */
export type Delivery = 'on-time' | 'backlog';

/** From when on data that arrives is filled in rather than late. */
const FILLED_IN_AFTER_MS = 24 * HOUR_MS;

function placeOf(scenario: Scenario, site: ScenarioSite): FaultPlace {
  const { stack, machines } = site.plant.model;
  return {
    outlet: stack.outlet,
    stackDevice: stack.device,
    lineOf: (machine) => machines.find(({ id }) => id === machine)?.line ?? stack.line,
    dutyOf: (order) =>
      scenario.orders.find(({ wire }) => wire.id === order)?.duty ?? { fromAt: -Infinity, toAt: Infinity },
  };
}

interface Wrong extends Span {
  readonly rule: string;
  readonly site: string;
  readonly subject: Subject;
}

function wrongsOf(fault: LaidFault, site: string, place: FaultPlace, within: Span): readonly Wrong[] {
  const { kind, settings } = fault;
  const limits = kind.wrongIn?.(settings, place) ?? { fromAt: -Infinity, toAt: Infinity };
  return occurrencesIn(fault, within).flatMap((occurrence) => {
    const span = overlap(occurrence, limits);
    if (span === undefined || overlap(span, within) === undefined) return [];
    return [{ rule: kind.rule, site, subject: kind.subject(settings, place), ...span }];
  });
}

/** A store that reaches further back than a day is filled in, whatever else is wrong. */
function filledIn(scenario: Scenario, site: ScenarioSite): readonly Wrong[] {
  const toAt = scenario.startAt - FILLED_IN_AFTER_MS;
  if (site.backlogFromAt >= toAt) return [];
  return site.devices.map(({ id }) => ({
    rule: 'falsification.backfill',
    site: site.id,
    subject: { device: id },
    fromAt: site.backlogFromAt,
    toAt,
  }));
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
  const wrongs = scenario.sites.flatMap((site) => {
    const place = placeOf(scenario, site);
    const faults = site.faults.flatMap((fault) => wrongsOf(fault, site.id, place, within));
    return delivery === 'backlog' ? [...faults, ...filledIn(scenario, site)] : faults;
  });
  const { time } = scenario;
  return wrongs
    .toSorted((left, right) => left.fromAt - right.fromAt || compare(keyOf(left), keyOf(right)))
    .map(({ rule, site, subject, fromAt, toAt }) => ({
      rule,
      site,
      subject,
      start: time.format(fromAt),
      end: toAt > toMs ? null : time.format(toAt),
    }));
}

function keyOf({ site, rule, subject }: Wrong): string {
  return `${site} ${rule} ${subject.device ?? ''} ${subject.signal ?? ''}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** NDJSON, one behaviour a line. */
export function formatTruth(lines: readonly TruthLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
