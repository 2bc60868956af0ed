/** A dry-process cement kiln line (水泥熟料线) with a finish mill that works at night, when electricity is cheap. */
import { SAMPLING_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'DB41/1953-2020';

export const cement: PlantModel = {
  type: 'cement',
  industry: 'cement',
  lines: [
    {
      id: 'kiln-1',
      startUpMs: 90 * MINUTE_MS,
      shutDownMs: 20 * MINUTE_MS,
      preStartMs: 10 * MINUTE_MS,
      afterRunMs: 20 * MINUTE_MS,
      basePercent: 88,
      swingPercent: 4,
      peakHour: 2,
      shifts: true,
      cameras: ['cam-1'],
    },
    {
      id: 'mill-1',
      startUpMs: 10 * MINUTE_MS,
      shutDownMs: 5 * MINUTE_MS,
      preStartMs: 6 * MINUTE_MS,
      afterRunMs: 8 * MINUTE_MS,
      basePercent: 86,
      swingPercent: 2,
      peakHour: 3,
      shifts: false,
      dailyHours: [20, 10],
      cameras: [],
    },
  ],
  machines: [
    { id: 'm-kiln', line: 'kiln-1', role: 'production', ratedKw: 1200, onKw: 240, duty: 'duty' },
    { id: 'm-fan-a', line: 'kiln-1', role: 'treatment', ratedKw: 450, onKw: 90, stage: 'dust', duty: 'duty' },
    { id: 'm-fan-b', line: 'kiln-1', role: 'treatment', ratedKw: 450, onKw: 90, stage: 'dust', duty: 'spare' },
    { id: 'm-sncr', line: 'kiln-1', role: 'treatment', ratedKw: 22, onKw: 4.4, duty: 'duty' },
    { id: 'm-mill', line: 'mill-1', role: 'production', ratedKw: 2400, onKw: 480, duty: 'duty' },
    { id: 'm-mill-bag', line: 'mill-1', role: 'treatment', ratedKw: 110, onKw: 22, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 210 },
  gates: [{ id: 'gate-1', trucksPerHour: 9 }],
  stack: {
    outlet: 'kiln-tail',
    device: 'cems-1',
    line: 'kiln-1',
    o2ReferencePercent: 10,
    o2FullLoadPercent: 8.4,
    o2HalfLoadPercent: 10.2,
    fullFlowM3PerH: 320_000,
    ductAreaM2: 9,
    temperatureC: 96,
    humidityPercent: 8,
    gases: {
      so2: { convertedMgPerM3: 12, swing: 0.25, startUpFactor: 1.2 },
      nox: { convertedMgPerM3: 58, swing: 0.1, startUpFactor: 1.1 },
      pm: { convertedMgPerM3: 3.5, swing: 0.2, startUpFactor: 1.3 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [
      { gas: 'nox', machines: ['m-sncr'], removal: 0.35 },
      { gas: 'pm', machines: ['m-fan-a', 'm-fan-b'], removal: 0.5 },
    ],
    channels: {
      so2: { range: [0, 200], resolution: 0.1, noise: 0.4, calibrated: true },
      nox: { range: [0, 300], resolution: 0.1, noise: 0.7, calibrated: true },
      pm: { range: [0, 30], resolution: 0.01, noise: 0.09, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.04, calibrated: true },
      flow: { range: [0, 600_000], resolution: 10, noise: 1_800, calibrated: false },
      temp: { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
      humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      velocity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      pressure: { range: [-5, 5], resolution: 0.001, noise: 0.004, calibrated: false },
      bypass: { range: [0, 100], resolution: 0.1, noise: 0.05, calibrated: false },
      ...SAMPLING_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 35, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 100, average: 'PT1H', source: SOURCE },
    ],
  },
};
