/** A gas-fired tunnel kiln for refractory bricks (耐火材料隧道窑): cars are pushed in day and night. */
import { LARGE_DUCT_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = '示例排污许可证';

export const refractoryKiln: PlantModel = {
  type: 'refractory',
  industry: 'refractory',
  lines: [
    {
      id: 'kiln-1',
      startUpMs: 360 * MINUTE_MS,
      shutDownMs: 120 * MINUTE_MS,
      preStartMs: 15 * MINUTE_MS,
      afterRunMs: 30 * MINUTE_MS,
      basePercent: 84,
      swingPercent: 2,
      peakHour: 10,
      shifts: true,
      cameras: ['cam-1'],
    },
    {
      id: 'press-1',
      startUpMs: 5 * MINUTE_MS,
      shutDownMs: 3 * MINUTE_MS,
      preStartMs: 4 * MINUTE_MS,
      afterRunMs: 6 * MINUTE_MS,
      basePercent: 74,
      swingPercent: 5,
      peakHour: 14,
      shifts: false,
      dailyHours: [8, 18],
      wanderMinutes: 12,
      restDays: [0],
      holidays: true,
      cameras: [],
    },
  ],
  machines: [
    { id: 'm-kiln', line: 'kiln-1', role: 'production', ratedKw: 110, onKw: 22, duty: 'duty' },
    { id: 'm-wet-fgd', line: 'kiln-1', role: 'treatment', ratedKw: 37, onKw: 7.4, duty: 'duty' },
    { id: 'm-esp', line: 'kiln-1', role: 'treatment', ratedKw: 30, onKw: 6, duty: 'duty' },
    {
      id: 'm-press',
      line: 'press-1',
      role: 'production',
      ratedKw: 160,
      onKw: 14,
      duty: 'duty',
      pieces: { minutes: 6, workShare: 0.7 },
    },
    { id: 'm-press-bag', line: 'press-1', role: 'treatment', ratedKw: 30, onKw: 6, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 22 },
  gates: [{ id: 'gate-1', trucksPerHour: 2 }],
  stack: {
    outlet: 'kiln-stack',
    device: 'cems-1',
    line: 'kiln-1',
    o2ReferencePercent: 18,
    o2FullLoadPercent: 16.6,
    o2HalfLoadPercent: 17.6,
    fullFlowM3PerH: 38_000,
    ductAreaM2: 1.4,
    temperatureC: 62,
    humidityPercent: 8,
    gases: {
      so2: { convertedMgPerM3: 12, swing: 0.2, startUpFactor: 1.1 },
      nox: { convertedMgPerM3: 30, swing: 0.1, startUpFactor: 1.05 },
      pm: { convertedMgPerM3: 3.4, swing: 0.18, startUpFactor: 1.1 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'so2', machines: ['m-wet-fgd'], removal: 0.8 },
      { gas: 'pm', machines: ['m-esp'], removal: 0.75 },
    ],
    channels: {
      so2: { range: [0, 200], resolution: 0.1, noise: 0.35, calibrated: true },
      nox: { range: [0, 200], resolution: 0.1, noise: 0.5, calibrated: true },
      pm: { range: [0, 30], resolution: 0.01, noise: 0.07, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.03, calibrated: true },
      flow: { range: [0, 90_000], resolution: 1, noise: 220, calibrated: false },
      ...LARGE_DUCT_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 50, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 100, average: 'PT1H', source: SOURCE },
    ],
  },
};
