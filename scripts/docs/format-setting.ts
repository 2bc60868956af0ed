/** A setting of a rule as the registry wants it, and as people read it. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';

const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [1_000, 's'],
];

/** `600000 (10 min)`: as the registry wants it, and as people read it. */
export function formatSetting(value: number, unit: string): string {
  if (unit !== 'ms') return `${String(value)}${unit === '1' ? '' : ` ${unit}`}`;
  const [size, name] = UNITS.find(([candidate]) => value >= candidate && value % candidate === 0) ?? [1, 'ms'];
  return `${String(value)} (${String(value / size)} ${name})`;
}
