/** A float-glass furnace (玻璃熔窑): never stops, and turns its fire round every twenty minutes. */
import { LARGE_DUCT_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = '示例排污许可证';

export const glassKiln: PlantModel = {
  type: 'glass',
  industry: 'glass',
  lines: [
    {
      id: 'kiln-1',
      startUpMs: 480 * MINUTE_MS,
      shutDownMs: 240 * MINUTE_MS,
      preStartMs: 30 * MINUTE_MS,
      afterRunMs: 60 * MINUTE_MS,
      basePercent: 91,
      swingPercent: 1,
      peakHour: 12,
      shifts: false,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-furnace', line: 'kiln-1', role: 'production', ratedKw: 420, onKw: 84, duty: 'duty' },
    { id: 'm-bath', line: 'kiln-1', role: 'production', ratedKw: 300, onKw: 60, duty: 'duty' },
    { id: 'm-lime', line: 'kiln-1', role: 'treatment', ratedKw: 45, onKw: 9, duty: 'duty' },
    { id: 'm-bag-a', line: 'kiln-1', role: 'treatment', ratedKw: 200, onKw: 40, stage: 'dust', duty: 'duty' },
    { id: 'm-bag-b', line: 'kiln-1', role: 'treatment', ratedKw: 200, onKw: 40, stage: 'dust', duty: 'spare' },
    { id: 'm-ammonia', line: 'kiln-1', role: 'treatment', ratedKw: 15, onKw: 3, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 75 },
  gates: [{ id: 'gate-1', trucksPerHour: 5 }],
  stack: {
    outlet: 'kiln-stack',
    device: 'cems-1',
    line: 'kiln-1',
    o2ReferencePercent: 8,
    o2FullLoadPercent: 8.8,
    o2HalfLoadPercent: 9.8,
    fullFlowM3PerH: 120_000,
    ductAreaM2: 4.5,
    temperatureC: 168,
    humidityPercent: 10,
    reversal: { everyMinutes: 20, minutes: 1, o2RisePercent: 4 },
    gases: {
      so2: { convertedMgPerM3: 30, swing: 0.2, startUpFactor: 1.1 },
      nox: { convertedMgPerM3: 135, swing: 0.08, startUpFactor: 1.05 },
      pm: { convertedMgPerM3: 4, swing: 0.18, startUpFactor: 1.1 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'so2', machines: ['m-lime'], removal: 0.85 },
      { gas: 'nox', machines: ['m-ammonia'], removal: 0.85 },
      { gas: 'pm', machines: ['m-bag-a', 'm-bag-b'], removal: 0.85 },
    ],
    channels: {
      so2: { range: [0, 300], resolution: 0.1, noise: 0.6, calibrated: true },
      nox: { range: [0, 600], resolution: 0.1, noise: 1.4, calibrated: true },
      pm: { range: [0, 50], resolution: 0.01, noise: 0.08, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.04, calibrated: true },
      flow: { range: [0, 300_000], resolution: 10, noise: 700, calibrated: false },
      bypass: { range: [0, 100], resolution: 0.1, noise: 0.05, calibrated: false },
      ...LARGE_DUCT_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 100, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 200, average: 'PT1H', source: SOURCE },
    ],
  },
};
