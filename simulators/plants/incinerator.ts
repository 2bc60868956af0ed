/** A municipal waste incinerator (生活垃圾焚烧) with SNCR, lime slurry and a bag filter. */
import { SAMPLING_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { LimitModel, PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'GB 18485-2014';

const both = (signal: string, hourMax: number, dayMax: number): readonly LimitModel[] => [
  { signal, max: hourMax, average: 'PT1H', source: SOURCE },
  { signal, max: dayMax, average: 'P1D', source: SOURCE },
];

export const incinerator: PlantModel = {
  type: 'incinerator',
  industry: 'waste-incineration',
  lines: [
    {
      id: 'furnace-1',
      startUpMs: 60 * MINUTE_MS,
      shutDownMs: 30 * MINUTE_MS,
      preStartMs: 15 * MINUTE_MS,
      afterRunMs: 30 * MINUTE_MS,
      basePercent: 90,
      swingPercent: 3,
      peakHour: 14,
      shifts: true,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-grate', line: 'furnace-1', role: 'production', ratedKw: 250, onKw: 50, duty: 'duty' },
    { id: 'm-lime', line: 'furnace-1', role: 'treatment', ratedKw: 55, onKw: 11, stage: 'acid', duty: 'duty' },
    { id: 'm-fan-a', line: 'furnace-1', role: 'treatment', ratedKw: 160, onKw: 32, stage: 'dust', duty: 'duty' },
    { id: 'm-fan-b', line: 'furnace-1', role: 'treatment', ratedKw: 160, onKw: 32, stage: 'dust', duty: 'spare' },
  ],
  total: { id: 'm-total', restKw: 40 },
  gates: [{ id: 'gate-1', trucksPerHour: 12 }],
  stack: {
    outlet: 'furnace-stack',
    device: 'cems-1',
    line: 'furnace-1',
    o2ReferencePercent: 11,
    o2FullLoadPercent: 8.2,
    o2HalfLoadPercent: 10.5,
    fullFlowM3PerH: 92_000,
    ductAreaM2: 3.2,
    temperatureC: 146,
    humidityPercent: 20,
    gases: {
      so2: { convertedMgPerM3: 22, swing: 0.25, startUpFactor: 1.2 },
      nox: { convertedMgPerM3: 158, swing: 0.05, startUpFactor: 1.05 },
      pm: { convertedMgPerM3: 4, swing: 0.2, startUpFactor: 1.3 },
      hcl: { convertedMgPerM3: 10, swing: 0.25, startUpFactor: 1.3 },
      co: { convertedMgPerM3: 14, swing: 0.3, startUpFactor: 2 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'hcl', machines: ['m-lime'], removal: 0.75 },
      { gas: 'so2', machines: ['m-lime'], removal: 0.5 },
      { gas: 'pm', machines: ['m-fan-a', 'm-fan-b'], removal: 0.5 },
    ],
    furnace: { burningC: 928, preheatMs: 240 * MINUTE_MS },
    channels: {
      so2: { range: [0, 300], resolution: 0.1, noise: 0.5, calibrated: true },
      nox: { range: [0, 500], resolution: 0.1, noise: 1.2, calibrated: true },
      pm: { range: [0, 50], resolution: 0.01, noise: 0.09, calibrated: false },
      hcl: { range: [0, 100], resolution: 0.1, noise: 0.25, calibrated: true },
      co: { range: [0, 300], resolution: 0.1, noise: 0.5, calibrated: true },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.04, calibrated: true },
      flow: { range: [0, 200_000], resolution: 10, noise: 500, calibrated: false },
      temp: { range: [0, 400], resolution: 0.1, noise: 0.3, calibrated: false },
      humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      'furnace-temp': { range: [0, 1400], resolution: 0.1, noise: 1.5, calibrated: false },
      bypass: { range: [0, 100], resolution: 0.1, noise: 0.05, calibrated: false },
      ...SAMPLING_CHANNELS,
    },
    limits: [
      ...both('pm', 30, 20),
      ...both('so2', 100, 80),
      ...both('nox', 300, 250),
      ...both('hcl', 60, 50),
      ...both('co', 100, 80),
      {
        signal: 'furnace-temp',
        min: 850,
        average: 'PT5M',
        allow: { count: 5, per: 'P1D' },
        source: '生态环境部令第10号',
      },
    ],
  },
};
