/** How many lorries are expected at a gate: by day, and while the plant works. */
import { loadPercentAt } from './line-load.ts';
import type { Plant } from './plant-model.ts';

const DAY_MINUTES = 1_440;
const BUSIEST_MINUTE = 13 * 60;
/** Lorries of a plant that stands: stores, scrap, ashes. */
const STANDING_SHARE = 0.15;

/** Lorries in an hour; 0 for a gate that the model does not have. */
export function trucksPerHourAt(plant: Plant, gateId: string, at: number): number {
  const gate = plant.model.gates?.find(({ id }) => id === gateId);
  if (gate === undefined) return 0;
  const daily = 0.6 + 0.55 * Math.cos((2 * Math.PI * (plant.minuteOfDay(at) - BUSIEST_MINUTE)) / DAY_MINUTES);
  const loads = plant.model.lines.map(({ id }) => loadPercentAt(plant, id, at) / 100);
  const work = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  const share = STANDING_SHARE + (1 - STANDING_SHARE) * Math.min(1, work);
  return gate.trucksPerHour * daily * share * plant.conditionsAt(at).truckFactor;
}
