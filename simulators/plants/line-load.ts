/** Load of a line in % of full load: the day's rhythm, the shifts, and some wandering; 0 at standstill. */
import { activityAt, type Activity } from './activity.ts';
import { lineOf, type Plant } from './plant-model.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const SHIFT_MINUTES = 480;
/** How deep work dips at a change of shift, and how long the dip is. */
const SHIFT_DIP_PERCENT = 6;
const SHIFT_DIP_MINUTES = 12;

export function lineActivityAt(plant: Plant, lineId: string, at: number): Activity {
  return activityAt(plant.runs[lineId] ?? [], lineOf(plant, lineId), at);
}

function shiftDip(minuteOfDay: number): number {
  const past = (minuteOfDay + SHIFT_MINUTES / 2) % SHIFT_MINUTES;
  const distance = (past - SHIFT_MINUTES / 2) / SHIFT_DIP_MINUTES;
  return SHIFT_DIP_PERCENT * Math.exp(-distance * distance);
}

/** Two speeds: the slow one is weather and orders, the fast one is feed and draught. */
function wandering(plant: Plant, lineId: string, at: number): number {
  const slow = plant.random.split(lineId, 'load', 'slow').smoothAt(at / (45 * MINUTE_MS));
  const fast = plant.random.split(lineId, 'load', 'fast').smoothAt(at / (6 * MINUTE_MS));
  return 2.5 * slow + 1.2 * fast;
}

/** What the line would do if nothing held it back, between 0 and 100. In the ramps of a start-up and a shut-down it follows them. */
export function askedLoadPercentAt(plant: Plant, lineId: string, at: number): number {
  const activity = lineActivityAt(plant, lineId, at);
  if (activity.phase === 'stopped') return 0;
  const line = lineOf(plant, lineId);
  const minute = plant.minuteOfDay(at);
  const rhythm = line.swingPercent * Math.cos((2 * Math.PI * (minute - line.peakHour * 60)) / DAY_MINUTES);
  const dip = line.shifts ? shiftDip(minute) : 0;
  const full = line.basePercent + rhythm - dip + wandering(plant, lineId, at);
  return Math.min(100, Math.max(5, full * activity.ramp));
}

/** What it does: less where it is held back. */
export function loadPercentAt(plant: Plant, lineId: string, at: number): number {
  return askedLoadPercentAt(plant, lineId, at) * (plant.conditionsAt(at).lineFactors[lineId] ?? 1);
}
