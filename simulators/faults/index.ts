/** Every fault, sorted by id. */
import { falsificationFrozen } from './falsification-frozen.ts';
import { falsificationRewritten } from './falsification-rewritten.ts';
import type { FaultKind } from './fault.ts';
import { limitDay } from './limit-day.ts';
import { limitHour } from './limit-hour.ts';
import { limitPeriod } from './limit-period.ts';
import { orderEarlyRestart } from './order-early-restart.ts';
import { orderShutdown } from './order-shutdown.ts';
import { orderUnproven } from './order-unproven.ts';
import { qualityClock } from './quality-clock.ts';
import { qualityInvalidHours } from './quality-invalid-hours.ts';
import { qualityOffline } from './quality-offline.ts';
import { treatmentOff } from './treatment-off.ts';

export const FAULT_KINDS: readonly FaultKind[] = [
  falsificationFrozen,
  falsificationRewritten,
  limitDay,
  limitHour,
  limitPeriod,
  orderEarlyRestart,
  orderShutdown,
  orderUnproven,
  qualityClock,
  qualityInvalidHours,
  qualityOffline,
  treatmentOff,
];
