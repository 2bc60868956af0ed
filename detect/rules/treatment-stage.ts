/** A stage of treatment, whose units stand in for each other or share the work, as one span of the line shows it. */
import type { LineSpan, MeterSpan } from './line-span.ts';

export interface StageSpan {
  /** Units that are on, by name. */
  readonly units: string;
  /** Of these the one that draws least. */
  readonly weakest: MeterSpan;
  /** kW of all that are on. */
  readonly drawKw: number;
  /** kW of the line's production. */
  readonly loadKw: number;
}

/** `stopped`: production or the stage stands; `unknown`: a meter that matters is silent. */
export type StageSituation = StageSpan | 'stopped' | 'unknown';

function loadOf(span: LineSpan): number | undefined {
  let load = 0;
  for (const { powerKw } of span.productionMeters) {
    if (powerKw === undefined) return undefined;
    load += powerKw;
  }
  return load;
}

function namesOf(span: LineSpan, members: readonly number[]): string {
  let names = '';
  for (const member of members) {
    const unit = span.treatmentMeters[member];
    if (unit?.running === 'on') names += names === '' ? unit.meter.device.id : `, ${unit.meter.device.id}`;
  }
  return names;
}

/** Sums up the units that are on; `undefined` where a silent one may be doing the work. */
function weigh(
  span: LineSpan,
  members: readonly number[],
): { weakest: MeterSpan | undefined; drawKw: number } | undefined {
  let weakest: MeterSpan | undefined;
  let weakestKw = Number.POSITIVE_INFINITY;
  let drawKw = 0;
  for (const member of members) {
    const unit = span.treatmentMeters[member];
    if ((unit?.running ?? 'off') === 'off') continue;
    if (unit?.powerKw === undefined || unit.running === 'unknown') return undefined;
    drawKw += unit.powerKw;
    if (unit.powerKw >= weakestKw) continue;
    weakest = unit;
    weakestKw = unit.powerKw;
  }
  return { weakest, drawKw };
}

/** @param members places of the stage's meters among the treatment meters of the line */
export function situationOf(span: LineSpan, members: readonly number[]): StageSituation {
  if (span.production === 'off') return 'stopped';
  const loadKw = span.production === 'unknown' ? undefined : loadOf(span);
  const weighed = loadKw === undefined ? undefined : weigh(span, members);
  if (loadKw === undefined || weighed === undefined) return 'unknown';
  const { weakest, drawKw } = weighed;
  return weakest === undefined ? 'stopped' : { units: namesOf(span, members), weakest, drawKw, loadKw };
}
