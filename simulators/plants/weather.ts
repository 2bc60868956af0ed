/** The weather of the city: one for all of its plants, slow, and a function of the instant alone. */
import type { RandomStream } from './random-stream.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const YEAR_DAYS = 365.25;
/** The coldest day of the year is about 15 January; day 0 of the count is 1 January 1970. */
const COLDEST_DAY = 15;
const MEAN_C = 14.5;
const SEASON_C = 14;
/** Air that moves carries heat and moisture about: a front passes every few days. */
const FRONT_DAYS = 3;

export interface Weather {
  readonly temperatureC: number;
  readonly humidityPercent: number;
  /** 0 = well mixed air, 1 = a lid on the city: what leaves the stacks stays. */
  readonly inversion: number;
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * @param minuteOfDay minutes since local midnight
 * @returns weather by instant; the last minute is kept, for a city asks for it thousands of times
 */
export function createWeather(random: RandomStream, minuteOfDay: (at: number) => number): (at: number) => Weather {
  const front = random.split('front');
  const moisture = random.split('moisture');
  const calm = random.split('calm');
  let keptMinute = Number.NaN;
  let kept: Weather = { temperatureC: MEAN_C, humidityPercent: 50, inversion: 0 };
  return (at) => {
    const minute = Math.floor(at / MINUTE_MS);
    if (minute === keptMinute) return kept;
    const days = (minute * MINUTE_MS) / DAY_MS;
    const season = -SEASON_C * Math.cos((2 * Math.PI * (days - COLDEST_DAY)) / YEAR_DAYS);
    const daily = -5 * Math.cos((2 * Math.PI * (minuteOfDay(at) - 180)) / DAY_MINUTES);
    const temperatureC = MEAN_C + season + daily + 6 * front.smoothAt(days / FRONT_DAYS);
    const humidityPercent = clamped(58 + 32 * moisture.smoothAt(days / 2) - 2.2 * daily, 12, 100);
    const night = clamped(0.5 - daily / 10, 0, 1);
    const inversion = clamped(0.35 * night + 0.9 * calm.smoothAt(days / 4), 0, 1);
    keptMinute = minute;
    kept = { temperatureC, humidityPercent, inversion };
    return kept;
  };
}
