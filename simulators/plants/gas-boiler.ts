/** A gas-fired boiler house (燃气锅炉房) with a low-NOx burner and flue-gas recirculation. Sulphur is near the detection floor. */
import { SAMPLING_CHANNELS, WARM_SAMPLING } from './sampling.ts';
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = 'DB41/2089-2021';

export const gasBoiler: PlantModel = {
  type: 'gas-boiler',
  industry: 'heating',
  lines: [
    {
      id: 'boiler-1',
      startUpMs: 40 * MINUTE_MS,
      shutDownMs: 10 * MINUTE_MS,
      preStartMs: 5 * MINUTE_MS,
      afterRunMs: 8 * MINUTE_MS,
      basePercent: 72,
      swingPercent: 14,
      peakHour: 6,
      shifts: false,
      cameras: [],
    },
  ],
  machines: [
    { id: 'm-boiler', line: 'boiler-1', role: 'production', ratedKw: 75, onKw: 15, duty: 'duty' },
    { id: 'm-fgr', line: 'boiler-1', role: 'treatment', ratedKw: 15, onKw: 3, duty: 'duty' },
  ],
  stack: {
    outlet: 'boiler-stack',
    device: 'cems-1',
    line: 'boiler-1',
    o2ReferencePercent: 3.5,
    o2FullLoadPercent: 3.8,
    o2HalfLoadPercent: 5.2,
    fullFlowM3PerH: 26_000,
    ductAreaM2: 0.9,
    temperatureC: 92,
    humidityPercent: 16,
    gases: {
      so2: { convertedMgPerM3: 1.15, swing: 0.12, startUpFactor: 1 },
      nox: { convertedMgPerM3: 20, swing: 0.1, startUpFactor: 1.1 },
      pm: { convertedMgPerM3: 1.3, swing: 0.2, startUpFactor: 1.2 },
    },
    sampling: WARM_SAMPLING,
    cleaning: [{ gas: 'nox', machines: ['m-fgr'], removal: 0.25 }],
    channels: {
      so2: { range: [0, 100], resolution: 1, noise: 0.3, calibrated: true },
      nox: { range: [0, 100], resolution: 0.1, noise: 0.3, calibrated: true },
      pm: { range: [0, 20], resolution: 0.01, noise: 0.05, calibrated: false },
      o2: { range: [0, 25], resolution: 0.01, noise: 0.04, calibrated: true },
      flow: { range: [0, 60_000], resolution: 1, noise: 160, calibrated: false },
      temp: { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
      humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      ...SAMPLING_CHANNELS,
    },
    limits: [
      { signal: 'pm', max: 5, average: 'PT1H', source: SOURCE },
      { signal: 'so2', max: 10, average: 'PT1H', source: SOURCE },
      { signal: 'nox', max: 30, average: 'PT1H', source: SOURCE },
    ],
  },
};
