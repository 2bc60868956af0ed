/** Load of a line in % of full load: the day's rhythm, the shifts, and some wandering; 0 at standstill. */
import { activityAt, type Activity } from './activity.ts';
import type { LineMemory } from './plant-memory.ts';
import { lineOf, type LineModel, type Plant } from './plant-model.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const SHIFT_MINUTES = 480;
/** How deep work dips at a change of shift, and how long the dip is. */
const SHIFT_DIP_PERCENT = 6;
const SHIFT_DIP_MINUTES = 12;
/** Cold asks for more below this temperature, and for less above it. */
const MILD_C = 5;
const COLDEST_C = -15;
/** What burns is not turned lower. */
const LOWEST_PERCENT = 25;

function memoryOf(plant: Plant, lineId: string): LineMemory {
  const memory = plant.memory.lines.get(lineId);
  if (memory === undefined) throw new TypeError(`plant type ${plant.model.type} has no line ${lineId}`);
  return memory;
}

export function lineActivityAt(plant: Plant, lineId: string, at: number): Activity {
  const kept = memoryOf(plant, lineId);
  if (kept.activity === undefined || kept.activityOf !== at) {
    kept.activity = activityAt(plant.runsAt(lineId, at), lineOf(plant, lineId), at);
    kept.activityOf = at;
  }
  return kept.activity;
}

function shiftDip(minuteOfDay: number): number {
  const past = (minuteOfDay + SHIFT_MINUTES / 2) % SHIFT_MINUTES;
  const distance = (past - SHIFT_MINUTES / 2) / SHIFT_DIP_MINUTES;
  return SHIFT_DIP_PERCENT * Math.exp(-distance * distance);
}

/** Two speeds: the slow one is weather and orders, the fast one is feed and draught. */
function wandering({ slow, fast }: LineMemory, at: number): number {
  return 2.5 * slow.smoothAt(at / (45 * MINUTE_MS)) + 1.2 * fast.smoothAt(at / (6 * MINUTE_MS));
}

/** Load as the day asks for it, in % of full load: without start-up, shut-down and what holds the line back. */
function dailyPercentAt(plant: Plant, line: LineModel, at: number): number {
  const minute = plant.minuteOfDay(at);
  const rhythm = line.swingPercent * Math.cos((2 * Math.PI * (minute - line.peakHour * 60)) / DAY_MINUTES);
  const dip = line.shifts ? shiftDip(minute) : 0;
  const unrest = rhythm - dip + wandering(memoryOf(plant, line.id), at);
  const full = line.basePercent + plant.conditionsAt(at).unrest * unrest;
  if (line.coldPercentPerC === undefined) return full;
  const belowMildC = MILD_C - Math.max(COLDEST_C, plant.weatherAt(at).temperatureC);
  return Math.max(LOWEST_PERCENT, full + line.coldPercentPerC * belowMildC);
}

/**
 * What the line would do if nothing held it back, between 0 and 100. In the ramps of a start-up and a shut-down it
 * follows them.
 */
export function askedLoadPercentAt(plant: Plant, lineId: string, at: number): number {
  const kept = memoryOf(plant, lineId);
  if (kept.askedOf === at) return kept.askedPercent;
  const activity = lineActivityAt(plant, lineId, at);
  const isStopped = activity.phase === 'stopped';
  const asked = isStopped ? 0 : dailyPercentAt(plant, lineOf(plant, lineId), at) * activity.ramp;
  kept.askedPercent = isStopped ? 0 : Math.min(100, Math.max(5, asked));
  kept.askedOf = at;
  return kept.askedPercent;
}

/** How much of a line works: 1, or less where it is held back. */
export function lineFactorAt(plant: Plant, lineId: string, at: number): number {
  return plant.conditionsAt(at).lineFactors[lineId] ?? 1;
}

/** What it does: less where it is held back. */
export function loadPercentAt(plant: Plant, lineId: string, at: number): number {
  return askedLoadPercentAt(plant, lineId, at) * lineFactorAt(plant, lineId, at);
}
