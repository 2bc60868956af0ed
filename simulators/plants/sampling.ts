/** The cold-dry extractive way of sampling (冷干抽取法), which most stack monitors have, and what is read beside the gas. */
import type { ChannelModel, SamplingModel } from './plant-model.ts';

export const WARM_SAMPLING: SamplingModel = { probeC: 160, lineC: 145, coolerC: 4 };

export const SAMPLING_CHANNELS = {
  'probe-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
  'line-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
  'cooler-temp': { range: [-10, 60], resolution: 0.1, noise: 0.08, calibrated: false },
} as const satisfies Readonly<Record<string, ChannelModel>>;

/** What is read in a large duct beside the gas. */
export const LARGE_DUCT_CHANNELS = {
  temp: { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
  humidity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
  velocity: { range: [0, 40], resolution: 0.01, noise: 0.06, calibrated: false },
  pressure: { range: [-5, 5], resolution: 0.001, noise: 0.004, calibrated: false },
  ...SAMPLING_CHANNELS,
} as const satisfies Readonly<Record<string, ChannelModel>>;
