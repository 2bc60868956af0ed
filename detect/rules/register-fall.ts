/** A register that shows less than before: set back, running backwards, rolled over, exchanged, or misread once. */
import type { Subject } from '../../contracts/finding.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { meter } from './falsification.meter.ts';
import type { RuleContext } from './rule.ts';

/** A register value and its instant. */
export interface RegisterReading {
  readonly kWh: number;
  readonly at: number;
}

/** Part of snapshots. */
export interface RegisterFall {
  readonly beforeKwh: number;
  readonly beforeAt: number;
  /** Instant of the first lower value. */
  readonly start: number;
  lastKwh: number;
  lastAt: number;
  /** Set once a second value has confirmed it. */
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

/** What the next value makes of a fall: a misreading or declared work, still low or falling, or growing again. */
export type FallOutcome = 'nothing' | 'falling' | 'over';

/** Within this share of its length a register has rolled over rather than been set back. */
const ROLL_SHARE = 0.05;

/** No value has been seen. */
export function initialStep(): number {
  return 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

/** Greatest common step of all values so far, in thousandths of a kWh: registers are multiples of what they count in. */
export function refineStep(step: number, kWh: number): number {
  // Finer than a hundredth, no threshold depends on it any more.
  return step === 1 || step === 10 ? step : greatestCommonDivisor(Math.abs(Math.round(kWh * 1_000)), step);
}

/** From the last part of a power of ten (of the meter itself, or behind its transformers) to the first part of it. */
export function rollsOver(beforeKwh: number, afterKwh: number, ctRatio: number | undefined): boolean {
  return [1, ctRatio ?? 1].some((ratio) => {
    const length = ratio * 10 ** Math.ceil(Math.log10(Math.max(beforeKwh / ratio, 1) + 1e-9));
    return afterKwh >= 0 && beforeKwh >= (1 - ROLL_SHARE) * length && afterKwh <= ROLL_SHARE * length;
  });
}

/** Takes in the value after a fall. */
export function stepFall(fall: RegisterFall, reading: RegisterReading, step: number, isServiced: boolean): FallOutcome {
  const { kWh, at } = reading;
  const isConfirmed = fall.open !== null;
  if (!isConfirmed && (isServiced || kWh >= fall.beforeKwh - (2 * step) / 1_000)) return 'nothing';
  fall.open ??= { detectedAt: at, told: { ms: at, severity: 'high' } };
  const grows = kWh > fall.lastKwh;
  fall.lastAt = at;
  if (grows) return 'over';
  fall.lastKwh = kWh;
  return 'falling';
}

/** Told when confirmed, at most once an hour while it goes on falling, and when it grows again. */
export function emitFall(fall: RegisterFall, outcome: FallOutcome, context: RuleContext, subject: Subject): void {
  const { open } = fall;
  if (outcome === 'nothing' || open === null) return;
  const isFirst = open.detectedAt === fall.lastAt;
  if (outcome === 'falling' && !isFirst && !isWorthTelling(open.told, fall.lastAt, 'high')) return;
  context.emit({
    rule: meter,
    subject,
    startAt: fall.start,
    endAt: outcome === 'over' ? fall.lastAt : null,
    state: outcome === 'over' ? 'closed' : 'open',
    detectedAt: open.detectedAt,
    severity: 'high',
    confidence: 0.95,
    discriminator: 'register',
    evidence: {
      kind: 'register',
      form: 'backwards',
      device: subject.device,
      since: context.time.format(fall.start),
      beforeKwh: fall.beforeKwh,
      beforeAt: context.time.format(fall.beforeAt),
      afterKwh: fall.lastKwh,
      lostKwh: fall.beforeKwh - fall.lastKwh,
      afterMarkMinutes: context.parameter('afterMarkMs') / 60_000,
    },
  });
}
