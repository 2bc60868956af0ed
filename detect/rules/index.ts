/** Every rule there is, sorted by id. */
import { averageMismatch } from './falsification.average-mismatch.ts';
import { backfill } from './falsification.backfill.ts';
import { frozen } from './falsification.frozen.ts';
import { meter } from './falsification.meter.ts';
import { parameterChanged } from './falsification.parameter.ts';
import { pinned } from './falsification.pinned.ts';
import { rewritten } from './falsification.rewritten.ts';
import { limitDay } from './limit.day.ts';
import { limitForecast } from './limit.forecast.ts';
import { limitHour } from './limit.hour.ts';
import { limitNear } from './limit.near.ts';
import { limitPeriod } from './limit.period.ts';
import { limitSurge } from './limit.surge.ts';
import { limitTotalForecast } from './limit.total-forecast.ts';
import { limitTotal } from './limit.total.ts';
import { orderContradiction } from './order.contradiction.ts';
import { orderEarlyRestart } from './order.early-restart.ts';
import { orderLimit } from './order.limit.ts';
import { orderShutdown } from './order.shutdown.ts';
import { orderTrucks } from './order.trucks.ts';
import { orderUnproven } from './order.unproven.ts';
import { clock } from './quality.clock.ts';
import { invalidHours } from './quality.invalid-hours.ts';
import { offline } from './quality.offline.ts';
import { sampling } from './quality.sampling.ts';
import { validRate } from './quality.valid-rate.ts';
import { video } from './quality.video.ts';
import type { RuleFacts } from './rule.ts';
import { treatmentBypass } from './treatment.bypass.ts';
import { treatmentIdle } from './treatment.idle.ts';
import { treatmentOff } from './treatment.off.ts';

export const RULES: readonly RuleFacts[] = [
  averageMismatch,
  backfill,
  frozen,
  meter,
  parameterChanged,
  pinned,
  rewritten,
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
  clock,
  invalidHours,
  offline,
  sampling,
  validRate,
  video,
  treatmentBypass,
  treatmentIdle,
  treatmentOff,
];

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

export function ruleById(id: string): RuleFacts | undefined {
  return BY_ID.get(id);
}
