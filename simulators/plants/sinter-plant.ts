/** The head of an iron-ore sinter machine (烧结机头): much air, so its reference oxygen is 16 %. */
import { LARGE_DUCT_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'DB41/1954-2020';

export const sinterPlant: PlantModel = {
  type: 'sinter',
  industry: 'steel',
  lines: [
    {
      id: 'strand-1',
      startUpMs: 60 * MINUTE_MS,
      shutDownMs: 20 * MINUTE_MS,
      preStartMs: 15 * MINUTE_MS,
      afterRunMs: 20 * MINUTE_MS,
      basePercent: 86,
      swingPercent: 3,
      peakHour: 1,
      shifts: true,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-strand', line: 'strand-1', role: 'production', ratedKw: 630, onKw: 126, duty: 'duty' },
    { id: 'm-main-fan', line: 'strand-1', role: 'production', ratedKw: 4_800, onKw: 960, duty: 'duty' },
    { id: 'm-cooler', line: 'strand-1', role: 'production', ratedKw: 900, onKw: 180, duty: 'duty' },
    { id: 'm-esp', line: 'strand-1', role: 'treatment', ratedKw: 320, onKw: 64, duty: 'duty' },
    { id: 'm-slurry-a', line: 'strand-1', role: 'treatment', ratedKw: 280, onKw: 56, stage: 'fgd', duty: 'duty' },
    { id: 'm-slurry-b', line: 'strand-1', role: 'treatment', ratedKw: 280, onKw: 56, stage: 'fgd', duty: 'spare' },
    { id: 'm-ammonia', line: 'strand-1', role: 'treatment', ratedKw: 30, onKw: 6, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 320 },
  gates: [{ id: 'gate-1', trucksPerHour: 18 }],
  stack: {
    outlet: 'sinter-head',
    device: 'cems-1',
    line: 'strand-1',
    o2ReferencePercent: 16,
    o2FullLoadPercent: 14.8,
    o2HalfLoadPercent: 16.2,
    fullFlowM3PerH: 980_000,
    ductAreaM2: 28,
    temperatureC: 128,
    humidityPercent: 11,
    gases: {
      so2: { convertedMgPerM3: 16, swing: 0.25, startUpFactor: 1.1 },
      nox: { convertedMgPerM3: 33, swing: 0.12, startUpFactor: 1.05 },
      pm: { convertedMgPerM3: 4.4, swing: 0.2, startUpFactor: 1.2 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'so2', machines: ['m-slurry-a', 'm-slurry-b'], removal: 0.93 },
      { gas: 'nox', machines: ['m-ammonia'], removal: 0.75 },
      { gas: 'pm', machines: ['m-esp'], removal: 0.85 },
    ],
    channels: {
      so2: { range: [0, 200], resolution: 0.1, noise: 0.35, calibrated: true },
      nox: { range: [0, 300], resolution: 0.1, noise: 0.5, calibrated: true },
      pm: { range: [0, 50], resolution: 0.01, noise: 0.08, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.03, calibrated: true },
      flow: { range: [0, 1_800_000], resolution: 100, noise: 5_000, calibrated: false },
      bypass: { range: [0, 100], resolution: 0.1, noise: 0.05, calibrated: false },
      ...LARGE_DUCT_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 35, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 50, average: 'PT1H', source: SOURCE },
    ],
  },
};
