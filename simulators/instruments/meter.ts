/** An electricity sub-meter (分表): power with a class-0.5 error, and the register of energy, which only ever grows. */
import type { RandomStream } from '../plants/random-stream.ts';
import { roundToStep, type DeviceReport, type Instrument } from './device-report.ts';

const MINUTE_MS = 60_000;
const POWER_STEP_KW = 0.01;
const ENERGY_STEP_KWH = 0.01;
const RELATIVE_ERROR = 0.002;

export interface Meter {
  /** Above a minute it sends means of that period with their least and greatest minute. */
  readonly everyMs: number;
  readonly random: RandomStream;
  readonly countedFromAt: number;
  /** Ratio of its current transformers, told once a day. */
  readonly ctRatio: number;
  readonly minuteOfDay: (at: number) => number;
  readonly powerKwAt: (at: number) => number;
  /** Reading of the register at a whole minute. */
  readonly energyKwhAt: (at: number) => number;
}

function measuredKw(meter: Meter, at: number): number {
  const error = RELATIVE_ERROR * meter.random.split('error').gaussianAt(Math.floor(at / MINUTE_MS));
  return meter.powerKwAt(at) * (1 + error);
}

function periodValues(meter: Meter, fromAt: number): DeviceReport['values'] {
  const minutes = Math.round(meter.everyMs / MINUTE_MS);
  const powers = Array.from({ length: minutes }, (_, index) => measuredKw(meter, fromAt + index * MINUTE_MS));
  const sum = powers.reduce((total, power) => total + power, 0);
  return {
    power: {
      avg: roundToStep(sum / minutes, POWER_STEP_KW),
      min: roundToStep(Math.min(...powers), POWER_STEP_KW),
      max: roundToStep(Math.max(...powers), POWER_STEP_KW),
    },
  };
}

export function createMeter(meter: Meter): Instrument {
  const isPeriod = meter.everyMs > MINUTE_MS;
  const reportAt = (tickAt: number): DeviceReport => {
    const tsAt = isPeriod ? tickAt - meter.everyMs : tickAt;
    const power = isPeriod
      ? periodValues(meter, tsAt)
      : { power: roundToStep(measuredKw(meter, tickAt), POWER_STEP_KW) };
    return {
      tsAt,
      periodMs: isPeriod ? meter.everyMs : 0,
      values: { ...power, energy: roundToStep(meter.energyKwhAt(tickAt), ENERGY_STEP_KWH) },
      flags: {},
      seq: Math.max(0, Math.round((tickAt - meter.countedFromAt) / meter.everyMs)),
      isResent: false,
      mark: undefined,
      parameters: meter.minuteOfDay(tsAt) === 0 ? { 'ct-ratio': meter.ctRatio } : undefined,
    };
  };
  return { everyMs: meter.everyMs, reportAt };
}

/**
 * The register of a machine: energy since `originAt` on top of what stood there, minute by minute.
 * Whole hours are remembered, so that reading on costs one minute and reading back at most sixty.
 * @returns a function of whole minutes at or after `originAt`
 */
export function createRegister(
  powerKwAt: (at: number) => number,
  originAt: number,
  startKwh: number,
): (at: number) => number {
  const HOUR_MINUTES = 60;
  const hours = [startKwh];
  let lastMinute = 0;
  let lastKwh = startKwh;
  const minuteKwh = (minute: number): number => powerKwAt(originAt + (minute - 1) * MINUTE_MS) / HOUR_MINUTES;

  return (at) => {
    const wanted = Math.max(0, Math.floor((at - originAt) / MINUTE_MS));
    const known = Math.min(Math.floor(wanted / HOUR_MINUTES), hours.length - 1);
    const canGoOn = lastMinute <= wanted && lastMinute >= known * HOUR_MINUTES;
    let minute = canGoOn ? lastMinute : known * HOUR_MINUTES;
    let energyKwh = canGoOn ? lastKwh : (hours[known] ?? startKwh);
    while (minute < wanted) {
      minute += 1;
      energyKwh += minuteKwh(minute);
      if (minute % HOUR_MINUTES === 0) hours[minute / HOUR_MINUTES] ??= energyKwh;
    }
    lastMinute = minute;
    lastKwh = energyKwh;
    return energyKwh;
  };
}
