/** A combined-cycle gas turbine (燃气轮机) that follows the day: it starts each morning and stops late in the evening. */
import { SAMPLING_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'GB 13223-2011';

export const gasTurbine: PlantModel = {
  type: 'gas-turbine',
  industry: 'power',
  lines: [
    {
      id: 'unit-1',
      startUpMs: 35 * MINUTE_MS,
      shutDownMs: 15 * MINUTE_MS,
      preStartMs: 8 * MINUTE_MS,
      afterRunMs: 10 * MINUTE_MS,
      basePercent: 78,
      swingPercent: 9,
      peakHour: 19,
      shifts: false,
      dailyHours: [6, 23],
      wanderMinutes: 25,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-compressor', line: 'unit-1', role: 'production', ratedKw: 710, onKw: 142, duty: 'duty' },
    { id: 'm-ammonia', line: 'unit-1', role: 'treatment', ratedKw: 11, onKw: 2.2, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 180 },
  stack: {
    outlet: 'turbine-stack',
    device: 'cems-1',
    line: 'unit-1',
    o2ReferencePercent: 15,
    o2FullLoadPercent: 13.6,
    o2HalfLoadPercent: 14.8,
    fullFlowM3PerH: 1_350_000,
    ductAreaM2: 34,
    temperatureC: 98,
    humidityPercent: 9,
    gases: {
      so2: { convertedMgPerM3: 1.1, swing: 0.15, startUpFactor: 1 },
      nox: { convertedMgPerM3: 19, swing: 0.12, startUpFactor: 1.6 },
      pm: { convertedMgPerM3: 0.9, swing: 0.2, startUpFactor: 1.2 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [{ gas: 'nox', machines: ['m-ammonia'], removal: 0.4 }],
    channels: {
      so2: { range: [0, 100], resolution: 0.1, noise: 0.12, calibrated: true },
      nox: { range: [0, 150], resolution: 0.1, noise: 0.25, calibrated: true },
      pm: { range: [0, 20], resolution: 0.01, noise: 0.04, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.03, calibrated: true },
      flow: { range: [0, 2_500_000], resolution: 100, noise: 6_000, calibrated: false },
      temp: { range: [0, 400], resolution: 0.1, noise: 0.25, calibrated: false },
      humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      ...SAMPLING_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 5, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 35, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 50, average: 'PT1H', source: SOURCE },
    ],
  },
};
