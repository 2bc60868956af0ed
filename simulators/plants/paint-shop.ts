/** A paint shop with a rotor and a thermal oxidiser (喷涂车间，沸石转轮 + RTO): one shift, limits on what is measured. */
import type { PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;
const SOURCE = '示例排污许可证';

export const paintShop: PlantModel = {
  type: 'paint-shop',
  industry: 'surface-coating',
  lines: [
    {
      id: 'paint-1',
      startUpMs: 20 * MINUTE_MS,
      shutDownMs: 10 * MINUTE_MS,
      preStartMs: 25 * MINUTE_MS,
      afterRunMs: 20 * MINUTE_MS,
      basePercent: 76,
      swingPercent: 6,
      peakHour: 14,
      shifts: false,
      dailyHours: [8, 20],
      wanderMinutes: 10,
      restDays: [0],
      holidays: true,
      cameras: ['cam-1'],
    },
  ],
  machines: [
    { id: 'm-booth-a', line: 'paint-1', role: 'production', ratedKw: 55, onKw: 4, duty: 'duty' },
    {
      id: 'm-booth-b',
      line: 'paint-1',
      role: 'production',
      ratedKw: 55,
      onKw: 4,
      duty: 'duty',
      pieces: { minutes: 25, workShare: 0.75 },
    },
    { id: 'm-oven', line: 'paint-1', role: 'production', ratedKw: 132, onKw: 26, duty: 'duty' },
    { id: 'm-rotor', line: 'paint-1', role: 'treatment', ratedKw: 7.5, onKw: 1.5, duty: 'duty' },
    { id: 'm-oxidiser', line: 'paint-1', role: 'treatment', ratedKw: 110, onKw: 22, duty: 'duty' },
  ],
  total: { id: 'm-total', restKw: 24 },
  gates: [{ id: 'gate-1', trucksPerHour: 1.5 }],
  stack: {
    outlet: 'oxidiser-stack',
    device: 'cems-1',
    line: 'paint-1',
    // The oxidiser burns next to nothing in much air.
    o2FullLoadPercent: 20.2,
    o2HalfLoadPercent: 20.4,
    fullFlowM3PerH: 64_000,
    ductAreaM2: 1.8,
    temperatureC: 78,
    humidityPercent: 4,
    gases: { nmhc: { convertedMgPerM3: 14, swing: 0.3, startUpFactor: 1.3 } },
    cleaning: [
      { gas: 'nmhc', machines: ['m-oxidiser'], removal: 0.85 },
      { gas: 'nmhc', machines: ['m-rotor'], removal: 0.5 },
    ],
    sampling: { probeC: 160, lineC: 160, coolerC: 4 },
    channels: {
      nmhc: { range: [0, 200], resolution: 0.01, noise: 0.25, calibrated: true },
      flow: { range: [0, 150_000], resolution: 1, noise: 350, calibrated: false },
      temp: { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
      humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      velocity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
      pressure: { range: [-5, 5], resolution: 0.001, noise: 0.004, calibrated: false },
      'probe-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
      'line-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
    },
    limits: [{ signal: 'nmhc', max: 50, average: 'PT1H', source: SOURCE }],
  },
};
