/** Every fault, sorted by id. */
import type { FaultKind } from './fault.ts';
import { falsificationAverageMismatch } from './falsification-average-mismatch.ts';
import { falsificationBackfill } from './falsification-backfill.ts';
import { falsificationClipped } from './falsification-clipped.ts';
import { falsificationCorrelation } from './falsification-correlation.ts';
import { falsificationDigits } from './falsification-digits.ts';
import { falsificationDiluted } from './falsification-diluted.ts';
import { falsificationFlagAbuse } from './falsification-flag-abuse.ts';
import { falsificationFrozen } from './falsification-frozen.ts';
import { falsificationInterpolated } from './falsification-interpolated.ts';
import { falsificationLoadMismatch } from './falsification-load-mismatch.ts';
import { falsificationMeter } from './falsification-meter.ts';
import { falsificationMeterParent } from './falsification-meter-parent.ts';
import { falsificationMeterPhase } from './falsification-meter-phase.ts';
import { falsificationMeterRatio } from './falsification-meter-ratio.ts';
import { falsificationOxygen } from './falsification-oxygen.ts';
import { falsificationOxygenLow } from './falsification-oxygen-low.ts';
import { falsificationParameter } from './falsification-parameter.ts';
import { falsificationPinned } from './falsification-pinned.ts';
import { falsificationReplay } from './falsification-replay.ts';
import { falsificationRewritten } from './falsification-rewritten.ts';
import { falsificationScaled } from './falsification-scaled.ts';
import { falsificationSilence } from './falsification-silence.ts';
import { falsificationSmooth } from './falsification-smooth.ts';
import { falsificationWatchedTimes } from './falsification-watched-times.ts';
import { limitDay } from './limit-day.ts';
import { limitForecast } from './limit-forecast.ts';
import { limitHour } from './limit-hour.ts';
import { limitNear } from './limit-near.ts';
import { limitPeriod } from './limit-period.ts';
import { limitSurge } from './limit-surge.ts';
import { limitTotal } from './limit-total.ts';
import { limitTotalForecast } from './limit-total-forecast.ts';
import { orderContradiction } from './order-contradiction.ts';
import { orderEarlyRestart } from './order-early-restart.ts';
import { orderLimit } from './order-limit.ts';
import { orderShutdown } from './order-shutdown.ts';
import { orderTrucks } from './order-trucks.ts';
import { orderUnproven } from './order-unproven.ts';
import { qualityClock } from './quality-clock.ts';
import { qualityClockBehind } from './quality-clock-behind.ts';
import { qualityDrift } from './quality-drift.ts';
import { qualityInvalidHours } from './quality-invalid-hours.ts';
import { qualityOffline } from './quality-offline.ts';
import { qualitySampling } from './quality-sampling.ts';
import { qualitySamplingCooler } from './quality-sampling-cooler.ts';
import { qualityValidRate } from './quality-valid-rate.ts';
import { qualityVideo } from './quality-video.ts';
import { qualityVideoOccluded } from './quality-video-occluded.ts';
import { qualityVideoOff } from './quality-video-off.ts';
import { treatmentBypass } from './treatment-bypass.ts';
import { treatmentIdle } from './treatment-idle.ts';
import { treatmentOff } from './treatment-off.ts';

export const FAULT_KINDS: readonly FaultKind[] = [
  falsificationAverageMismatch,
  falsificationBackfill,
  falsificationClipped,
  falsificationCorrelation,
  falsificationDigits,
  falsificationDiluted,
  falsificationFlagAbuse,
  falsificationFrozen,
  falsificationInterpolated,
  falsificationLoadMismatch,
  falsificationMeter,
  falsificationMeterParent,
  falsificationMeterPhase,
  falsificationMeterRatio,
  falsificationOxygen,
  falsificationOxygenLow,
  falsificationParameter,
  falsificationPinned,
  falsificationReplay,
  falsificationRewritten,
  falsificationScaled,
  falsificationSilence,
  falsificationSmooth,
  falsificationWatchedTimes,
  limitDay,
  limitForecast,
  limitHour,
  limitNear,
  limitPeriod,
  limitSurge,
  limitTotal,
  limitTotalForecast,
  orderContradiction,
  orderEarlyRestart,
  orderLimit,
  orderShutdown,
  orderTrucks,
  orderUnproven,
  qualityClock,
  qualityClockBehind,
  qualityDrift,
  qualityInvalidHours,
  qualityOffline,
  qualitySampling,
  qualitySamplingCooler,
  qualityValidRate,
  qualityVideo,
  qualityVideoOccluded,
  qualityVideoOff,
  treatmentBypass,
  treatmentIdle,
  treatmentOff,
];
