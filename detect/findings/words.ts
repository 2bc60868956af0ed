/** Numbers and instants as people read them, for explanations. From evidence alone. */
import { SIGNALS } from '../../contracts/signals.ts';

/** At most three significant decimals, no trailing zeros. */
export function formatNumber(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '?';
  const decimals = Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return String(Number(value.toFixed(decimals)));
}

/** A ratio to two decimals, as a number for evidence. */
export function formatShare(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `2026-11-22 08:00` of an RFC 3339 text: local time as it stands there. */
export function formatWhen(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, 16).replace('T', ' ') : '?';
}

/** Minutes as hours and minutes where that reads better. */
export function formatMinutes(minutes: unknown): { zh: string; en: string } {
  if (typeof minutes !== 'number') return { zh: '?', en: '?' };
  if (minutes < 120) return { zh: `${formatNumber(minutes)} 分钟`, en: `${formatNumber(minutes)} minutes` };
  return { zh: `${formatNumber(minutes / 60)} 小时`, en: `${formatNumber(minutes / 60)} hours` };
}

const CHINESE = new Map(SIGNALS.map((signal) => [signal.id, signal]));

/** Unit of a built-in signal with a leading space, or nothing. */
export function unitOf(signal: unknown): string {
  const unit = typeof signal === 'string' ? CHINESE.get(signal)?.unit : undefined;
  return unit === undefined || unit === '' ? '' : ` ${unit}`;
}

export function signalZh(signal: unknown): string {
  return typeof signal === 'string' ? (CHINESE.get(signal)?.zh ?? signal) : '';
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? formatNumber(value) : '?';
}

/** `1 hour` or `3 hours in a row`: what a finding is made of, in English. */
export function countInRow(count: number, plural: string): string {
  return count === 1 ? `1 ${plural.replace(/s$/, '')}` : `${String(count)} ${plural} in a row`;
}

/** A nested evidence object, or an empty one. */
export function part(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

export function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : [];
}
