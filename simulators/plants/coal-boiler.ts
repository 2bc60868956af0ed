/** A coal-fired boiler house for district heating (燃煤供热锅炉): bag filter, wet desulphurisation, urea; winter only. */
import { LARGE_DUCT_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'DB41/2089-2021';

export const coalBoiler: PlantModel = {
  type: 'coal-boiler',
  industry: 'heating',
  lines: [
    {
      id: 'boiler-1',
      startUpMs: 120 * MINUTE_MS,
      shutDownMs: 40 * MINUTE_MS,
      preStartMs: 10 * MINUTE_MS,
      afterRunMs: 25 * MINUTE_MS,
      basePercent: 68,
      swingPercent: 7,
      peakHour: 5,
      shifts: true,
      heatingSeason: true,
      coldPercentPerC: 1.6,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-grate', line: 'boiler-1', role: 'production', ratedKw: 160, onKw: 32, duty: 'duty' },
    { id: 'm-draught', line: 'boiler-1', role: 'production', ratedKw: 280, onKw: 56, duty: 'duty' },
    { id: 'm-bag', line: 'boiler-1', role: 'treatment', ratedKw: 90, onKw: 18, duty: 'duty' },
    { id: 'm-slurry-a', line: 'boiler-1', role: 'treatment', ratedKw: 75, onKw: 15, stage: 'fgd', duty: 'duty' },
    { id: 'm-slurry-b', line: 'boiler-1', role: 'treatment', ratedKw: 75, onKw: 15, stage: 'fgd', duty: 'spare' },
    { id: 'm-urea', line: 'boiler-1', role: 'treatment', ratedKw: 7.5, onKw: 1.5, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 35 },
  gates: [{ id: 'gate-1', trucksPerHour: 3 }],
  stack: {
    outlet: 'boiler-stack',
    device: 'cems-1',
    line: 'boiler-1',
    o2ReferencePercent: 9,
    o2FullLoadPercent: 8.6,
    o2HalfLoadPercent: 11.2,
    fullFlowM3PerH: 110_000,
    ductAreaM2: 3.6,
    temperatureC: 54,
    humidityPercent: 13,
    gases: {
      so2: { convertedMgPerM3: 17, swing: 0.22, startUpFactor: 1.15 },
      nox: { convertedMgPerM3: 32, swing: 0.12, startUpFactor: 1.1 },
      pm: { convertedMgPerM3: 4.1, swing: 0.2, startUpFactor: 1.3 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'so2', machines: ['m-slurry-a', 'm-slurry-b'], removal: 0.9 },
      { gas: 'nox', machines: ['m-urea'], removal: 0.55 },
      { gas: 'pm', machines: ['m-bag'], removal: 0.8 },
    ],
    channels: {
      so2: { range: [0, 200], resolution: 0.1, noise: 0.4, calibrated: true },
      nox: { range: [0, 300], resolution: 0.1, noise: 0.6, calibrated: true },
      pm: { range: [0, 50], resolution: 0.01, noise: 0.09, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.04, calibrated: true },
      flow: { range: [0, 250_000], resolution: 10, noise: 600, calibrated: false },
      ...LARGE_DUCT_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 35, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 50, average: 'PT1H', source: SOURCE },
    ],
  },
};
