/** A site that is only looked at (视频监控企业): a quarry, a mixing station, a yard; some have a gate. */
import { NO_STACK, type LineModel, type PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;

const line: LineModel = {
  id: 'yard-1',
  startUpMs: 10 * MINUTE_MS,
  shutDownMs: 5 * MINUTE_MS,
  preStartMs: 0,
  afterRunMs: 0,
  basePercent: 70,
  swingPercent: 8,
  peakHour: 11,
  shifts: false,
  dailyHours: [7, 19],
  wanderMinutes: 30,
  holidays: true,
  cameras: ['cam-1'],
};

const shared = { industry: 'construction-materials', machines: [], stack: NO_STACK } as const;

export const yard: PlantModel = { type: 'yard', lines: [line], ...shared };

export const gatedYard: PlantModel = {
  type: 'gated-yard',
  lines: [line],
  gates: [{ id: 'gate-1', trucksPerHour: 7 }],
  ...shared,
};
