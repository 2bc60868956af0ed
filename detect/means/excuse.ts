/**
 * Which hours a declared state excuses, within its budget: 15 minutes of the hour, declared within an hour of its
 * beginning or accepted, each time no longer than `each`, in a calendar year no more than `year` (contract 4).
 */
import { EXCUSING_STATES, type ExcuseBudget, type ExcusingState } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { coveredMs, isHonoured, type MarkSpan } from '../core/mark-book.ts';

/** Marked time of the running calendar year by state, in ms. Part of snapshots. */
export interface ExcuseSpending {
  yearStart: number | null;
  spentMs: Partial<Record<ExcusingState, number>>;
}

export interface Excuse {
  readonly state: ExcusingState;
  readonly by: string;
  readonly declaredAt: number;
  readonly from: number;
}

const NEEDED_MS = 15 * MINUTE_MS;

export function initialSpending(): ExcuseSpending {
  return { yearStart: null, spentMs: {} };
}

/**
 * Spends the marked time of one hour and says what excuses the hour, if anything does.
 * Hours are given in order, each once.
 */
export function excuseHour(
  spending: ExcuseSpending,
  hour: { readonly start: number; readonly yearStart: number },
  spans: readonly MarkSpan[],
  budget: Readonly<Record<ExcusingState, ExcuseBudget>>,
): Excuse | null {
  if (spending.yearStart !== hour.yearStart) {
    spending.yearStart = hour.yearStart;
    spending.spentMs = {};
  }
  if (spans.length === 0) return null;
  let excuse: Excuse | null = null;
  for (const state of EXCUSING_STATES) {
    const honoured = spans.filter((span) => span.state === state && isHonoured(span));
    const first = honoured[0];
    if (first === undefined) continue;
    const end = hour.start + HOUR_MS;
    const { eachMs, yearMs } = budget[state];
    const spent = spending.spentMs[state] ?? 0;
    const withinEach = honoured.map((span) => ({ from: span.from, to: Math.min(span.to, span.from + eachMs) }));
    const left = Math.max(0, yearMs - spent);
    if (excuse === null && Math.min(coveredMs(withinEach, hour.start, end), left) >= NEEDED_MS) {
      excuse = { state, by: first.by, declaredAt: first.declaredAt, from: first.from };
    }
    spending.spentMs[state] = spent + coveredMs(honoured, hour.start, end);
  }
  return excuse;
}

/**
 * What excuses a period shorter than an hour: a state that covers a quarter of it, in time and within its budget.
 * Spends nothing: the hour it lies in does.
 */
export function excuseShortPeriod(
  spending: ExcuseSpending,
  period: { readonly start: number; readonly end: number },
  spans: readonly MarkSpan[],
  budget: Readonly<Record<ExcusingState, ExcuseBudget>>,
): Excuse | null {
  for (const state of EXCUSING_STATES) {
    const honoured = spans.filter((span) => span.state === state && isHonoured(span));
    const first = honoured[0];
    if (first === undefined || (spending.spentMs[state] ?? 0) >= budget[state].yearMs) continue;
    const within = honoured.map((span) => ({ from: span.from, to: Math.min(span.to, span.from + budget[state].eachMs) }));
    if (coveredMs(within, period.start, period.end) < 0.25 * (period.end - period.start)) continue;
    return { state, by: first.by, declaredAt: first.declaredAt, from: first.from };
  }
  return null;
}
