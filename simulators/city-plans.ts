/** What the lines of a firm must do at each level (一厂一策), by its grade, and what they take in a usual hour. */
import type { LineModel, PlantModel } from './plants/plant-model.ts';
import type { SiteEntry } from './scenario-file.ts';

type Plans = NonNullable<SiteEntry['plans']>;
type Plan = Plans[string][number];
type Grade = NonNullable<SiteEntry['grade']>;

/** Reductions in % at yellow, orange and red; 100 = it stops. */
const REDUCTIONS: Readonly<Record<Grade, readonly [number, number, number]>> = {
  A: [0, 0, 0],
  leading: [0, 0, 0],
  B: [0, 20, 50],
  C: [20, 50, 100],
  D: [50, 100, 100],
  none: [10, 30, 50],
};
const LEVELS = ['yellow', 'orange', 'red'] as const;
/** A line that may not cool down comes down to this at most. */
const HOT_PERCENT = 40;
const GRACE_MINUTES = 120;
/** A kiln is let down slowly. */
const SLOW_GRACE_MINUTES = 720;
const SLOW_SHUT_DOWN_MS = 3_600_000;

function planOf(line: LineModel, level: Plan['level'], percent: number): Plan {
  if (percent === 0) return { level, measure: 'none' };
  const graceMinutes = line.shutDownMs >= SLOW_SHUT_DOWN_MS ? SLOW_GRACE_MINUTES : GRACE_MINUTES;
  if (percent < 100) return { level, measure: 'reduce', percent, graceMinutes };
  const isHot = line.shutDownMs >= SLOW_SHUT_DOWN_MS;
  return isHot
    ? { level, measure: 'reduce', percent: HOT_PERCENT, graceMinutes }
    : { level, measure: 'stop', graceMinutes };
}

/** Plans of every line of a firm. A line without meters is a yard: it keeps lorries out. */
export function plansFor(model: PlantModel, grade: Grade): Plans {
  const percents = REDUCTIONS[grade];
  return Object.fromEntries(
    model.lines.map((line) => {
      const hasMeters = model.machines.some((machine) => machine.line === line.id);
      const plans = LEVELS.map((level, index): Plan => {
        const percent = percents[index] ?? 0;
        if (hasMeters) return planOf(line, level, percent);
        return percent === 0
          ? { level, measure: 'none' }
          : { level, measure: 'no-trucks', graceMinutes: GRACE_MINUTES };
      });
      return [line.id, plans];
    }),
  );
}

/** Share of its rated power that production takes at the usual load. */
function usualShare(line: LineModel): number {
  return 0.32 + 0.48 * (line.basePercent / 100);
}

/**
 * Energy of a usual hour of each line that works day and night, as its firm files it; others have no usual hour.
 * @param boast how much more than the truth the firm says, 1.05 = 5 %
 */
export function baselinesFor(model: PlantModel, boast: number): Readonly<Record<string, number>> {
  const filed: Record<string, number> = {};
  for (const line of model.lines) {
    if (line.dailyHours !== undefined || line.heatingSeason === true || line.coldPercentPerC !== undefined) continue;
    const production = model.machines.filter((machine) => machine.line === line.id && machine.role === 'production');
    const usualKw = production.reduce((sum, { ratedKw, pieces, duty }) => {
      const busy = pieces === undefined ? 1 : pieces.workShare + 0.3 * (1 - pieces.workShare);
      return sum + (duty === 'duty' ? ratedKw * usualShare(line) * busy : 0);
    }, 0);
    if (usualKw > 0) filed[line.id] = Math.round(usualKw * boast);
  }
  return filed;
}
