/** The cold-dry extractive way of sampling (冷干抽取法), which most stack monitors have. */
import type { ChannelModel, SamplingModel } from './plant-model.ts';

export const WARM_SAMPLING: SamplingModel = { probeC: 160, lineC: 145, coolerC: 4 };

export const SAMPLING_CHANNELS = {
  'probe-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
  'line-temp': { range: [0, 300], resolution: 0.1, noise: 0.25, calibrated: false },
  'cooler-temp': { range: [-10, 60], resolution: 0.1, noise: 0.08, calibrated: false },
} as const satisfies Readonly<Record<string, ChannelModel>>;
