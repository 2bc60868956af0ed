/** Production lines: their meters, cameras, outlets and what they must do in an emergency. */
import { MINUTE_MS } from '../time/instant.ts';
import { at, entriesOf, type Place } from './place.ts';
import type { ReadContext } from './read-context.ts';
import { readDated } from './read-dated.ts';
import { checkDevice, type KnownDevices } from './read-devices.ts';
import type { Draft, LineEntry } from './registry-file.ts';
import type { Line, LineMeter, PlanEntry, TreatmentMeter } from './registry.ts';

/** What a line may refer to. */
export interface SiteParts {
  readonly devices: KnownDevices;
  readonly outlets: ReadonlySet<string>;
}

export function readLine(entry: Draft<LineEntry>, place: Place, parts: SiteParts, context: ReadContext): Line {
  const outlets = entriesOf(entry.outlets, at(place, 'outlets'));
  const cameras = entriesOf(entry.cameras, at(place, 'cameras'));
  for (const [id, spot] of outlets) checkOutlet(id, spot, parts, context);
  for (const [id, spot] of cameras) checkDevice([id, 'camera'], spot, parts.devices, context);
  const { baseline } = entry;
  return {
    id: entry.id ?? '',
    outlets: outlets.map(([id]) => id),
    production: readProduction(entry.production, at(place, 'production'), parts, context),
    treatment: readTreatment(entry.treatment, at(place, 'treatment'), parts, context),
    cameras: cameras.map(([id]) => id),
    guaranteed: readDated(entry.guaranteed, at(place, 'guaranteed'), context, 'fine'),
    baseline:
      baseline?.kWhPerHour === undefined ? undefined : { kWhPerHour: baseline.kWhPerHour, source: baseline.source },
    plan: readPlan(entry.plan, at(place, 'plan'), context),
  };
}

function checkOutlet(id: string, place: Place, { outlets }: SiteParts, { problems }: ReadContext): void {
  if (outlets.has(id)) return;
  const remedy = problems.suggest(id, outlets, 'List it under the `outlets` of this site.');
  problems.problem(place, 'reference-unknown', { message: `unknown outlet \`${id}\``, remedy });
}

interface WrittenMeter {
  readonly device?: string | undefined;
  readonly rated?: number | undefined;
  readonly on?: number | undefined;
}

function readMeter(entry: WrittenMeter, place: Place, parts: SiteParts, context: ReadContext): LineMeter {
  const { device, rated, on } = entry;
  checkDevice([device, 'meter'], at(place, 'device'), parts.devices, context);
  if (rated !== undefined && on !== undefined && on > rated) {
    const message = `\`on\` ${on} kW is above \`rated\` ${rated} kW: the machine would never count as on`;
    context.problems.warning(at(place, 'on'), 'meter-rating', { message, remedy: 'Correct one of the two.' });
  }
  return { device: device ?? '', rated, on };
}

function readProduction(
  written: Draft<LineEntry['production']>,
  place: Place,
  parts: SiteParts,
  context: ReadContext,
): readonly LineMeter[] {
  return entriesOf(written, place).map(([entry, spot]) => readMeter(entry, spot, parts, context));
}

function readTreatment(
  written: Draft<LineEntry['treatment']>,
  place: Place,
  parts: SiteParts,
  context: ReadContext,
): readonly TreatmentMeter[] {
  const entries = entriesOf(written, place);
  const meters = entries.map(([entry, spot]) => {
    const { stage, need = 1 } = entry;
    return { ...readMeter(entry, spot, parts, context), stage, need };
  });
  for (const [index, [, spot]] of entries.entries()) {
    const meter = meters[index];
    if (meter !== undefined) checkNeed(meter, meters, at(spot, 'need'), context);
  }
  return meters;
}

function checkNeed(
  meter: TreatmentMeter,
  all: readonly TreatmentMeter[],
  place: Place,
  { problems }: ReadContext,
): void {
  const mates = meter.stage === undefined ? [meter] : all.filter(({ stage }) => stage === meter.stage);
  const name = meter.stage === undefined ? 'a meter without stage' : `stage \`${meter.stage}\``;
  if (meter.need > mates.length) {
    const message = `\`need\` is ${meter.need}, and ${name} has ${mates.length} of them`;
    problems.problem(place, 'stage-need', { message, remedy: 'Name the other meters of the stage, or lower `need`.' });
  } else if (mates[0] !== undefined && mates[0].need !== meter.need) {
    const message = `\`need\` is ${meter.need}, and ${mates[0].need} at the first meter of ${name}`;
    problems.problem(place, 'stage-need', { message, remedy: 'Write the same `need` at each meter of a stage.' });
  }
}

function readPlan(written: Draft<LineEntry['plan']>, place: Place, { problems }: ReadContext): readonly PlanEntry[] {
  const entries = entriesOf(written, place);
  const levels = new Map<string, Place>();
  for (const [{ level, measure, percent }, spot] of entries) {
    if (level !== undefined) {
      const first = levels.get(level);
      if (first === undefined) levels.set(level, at(spot, 'level'));
      else
        problems.problem(
          at(spot, 'level'),
          'plan-duplicate',
          { message: `level \`${level}\` stands twice in this plan`, remedy: 'Remove one of them.' },
          first,
        );
    }
    if (measure === 'reduce' && percent === undefined) {
      problems.problem(spot, 'plan-incomplete', {
        message: 'measure `reduce` does not say by how much',
        remedy: 'Add `percent`.',
      });
    }
  }
  return entries.map(([{ level = 'other', measure = 'none', percent, graceMinutes }]) => ({
    level,
    measure,
    percent,
    graceMs: graceMinutes === undefined ? undefined : graceMinutes * MINUTE_MS,
  }));
}
