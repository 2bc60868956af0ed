/** Every rule there is, sorted by id. */
import { frozen } from './falsification.frozen.ts';
import { pinned } from './falsification.pinned.ts';
import { rewritten } from './falsification.rewritten.ts';
import { limitDay } from './limit.day.ts';
import { limitHour } from './limit.hour.ts';
import { limitPeriod } from './limit.period.ts';
import { limitTotalForecast } from './limit.total-forecast.ts';
import { limitTotal } from './limit.total.ts';
import { orderEarlyRestart } from './order.early-restart.ts';
import { orderShutdown } from './order.shutdown.ts';
import { orderUnproven } from './order.unproven.ts';
import { clock } from './quality.clock.ts';
import { invalidHours } from './quality.invalid-hours.ts';
import { offline } from './quality.offline.ts';
import { sampling } from './quality.sampling.ts';
import { video } from './quality.video.ts';
import type { RuleFacts } from './rule.ts';
import { treatmentOff } from './treatment.off.ts';

export const RULES: readonly RuleFacts[] = [
  frozen,
  pinned,
  rewritten,
  limitDay,
  limitHour,
  limitPeriod,
  limitTotal,
  limitTotalForecast,
  orderEarlyRestart,
  orderShutdown,
  orderUnproven,
  clock,
  invalidHours,
  offline,
  sampling,
  video,
  treatmentOff,
];

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

export function ruleById(id: string): RuleFacts | undefined {
  return BY_ID.get(id);
}
