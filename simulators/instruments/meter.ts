/**
 * An electricity sub-meter (分表): power with a class-0.5 error, voltage and current of three phases behind current
 * transformers, and the register of energy, which only ever grows.
 */
import type { RandomStream } from '../plants/random-stream.ts';
import type { Wiring } from '../plants/wiring.ts';
import { roundToStep, type DeviceReport, type Instrument } from './device-report.ts';

const MINUTE_MS = 60_000;
const POWER_STEP_KW = 0.01;
const ENERGY_STEP_KWH = 0.01;
/** Of the secondary side; what is shown is this times the ratio. */
const SECONDARY_STEP_A = 0.001;
/** Below this share of the secondary rating a meter does not start to count: it shows no current. */
const STARTING_A = 0.005;
const VOLTAGE_STEP_V = 0.1;
const RELATIVE_ERROR = 0.002;
const PHASES = ['a', 'b', 'c'] as const;

export interface Meter {
  /** Above a minute it sends means of that period with their least and greatest minute. */
  readonly everyMs: number;
  readonly random: RandomStream;
  readonly countedFromAt: number;
  /** Told once a day: the ratio of its transformers. */
  readonly wiring: Wiring;
  readonly minuteOfDay: (at: number) => number;
  readonly powerKwAt: (at: number) => number;
  /** Reading of the register at a whole minute. */
  readonly energyKwhAt: (at: number) => number;
}

interface Streams {
  readonly error: RandomStream;
  readonly grid: RandomStream;
  /** How the load is spread over the phases: shares that add up to 1. */
  readonly shares: readonly [number, number, number];
}

function streamsOf({ random }: Meter): Streams {
  const phases = random.split('phases');
  const [a, b] = [0.02 * (phases.uniformAt(0) - 0.5), 0.02 * (phases.uniformAt(1) - 0.5)];
  return { error: random.split('error'), grid: random.split('grid'), shares: [1 / 3 + a, 1 / 3 + b, 1 / 3 - a - b] };
}

function measuredKw(meter: Meter, streams: Streams, at: number): number {
  const error = RELATIVE_ERROR * streams.error.gaussianAt(Math.floor(at / MINUTE_MS));
  return meter.powerKwAt(at) * (1 + error);
}

/** The grid is a little high at night; each phase has its own small unrest. */
function voltageV({ wiring }: Meter, { grid }: Streams, phase: number, at: number): number {
  const minute = Math.floor(at / MINUTE_MS);
  const common = 0.012 * grid.smoothAt(minute / 35);
  const own = 0.002 * grid.gaussianAt(minute * PHASES.length + phase);
  return wiring.phaseV * (1.015 + common + own);
}

function addPhases(values: Record<string, number>, meter: Meter, streams: Streams, load: Load): void {
  const { powerFactor, ctRatio } = meter.wiring;
  for (const [phase, name] of PHASES.entries()) {
    const volts = voltageV(meter, streams, phase, load.at);
    const amperes = (load.powerKw * 1_000 * (streams.shares[phase] ?? 0)) / (volts * powerFactor);
    values[`voltage-${name}`] = roundToStep(volts, VOLTAGE_STEP_V);
    values[`current-${name}`] = amperes < STARTING_A * ctRatio ? 0 : roundToStep(amperes, SECONDARY_STEP_A * ctRatio);
  }
}

interface Load {
  readonly at: number;
  readonly powerKw: number;
}

interface PeriodPower {
  readonly avg: number;
  readonly min: number;
  readonly max: number;
}

function periodPower(meter: Meter, streams: Streams, fromAt: number): PeriodPower {
  const minutes = Math.round(meter.everyMs / MINUTE_MS);
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (let index = 0; index < minutes; index += 1) {
    const power = measuredKw(meter, streams, fromAt + index * MINUTE_MS);
    sum += power;
    min = Math.min(min, power);
    max = Math.max(max, power);
  }
  return {
    avg: roundToStep(sum / minutes, POWER_STEP_KW),
    min: roundToStep(min, POWER_STEP_KW),
    max: roundToStep(max, POWER_STEP_KW),
  };
}

export function createMeter(meter: Meter): Instrument {
  const isPeriod = meter.everyMs > MINUTE_MS;
  const streams = streamsOf(meter);
  const reportAt = (tickAt: number): DeviceReport => {
    const tsAt = isPeriod ? tickAt - meter.everyMs : tickAt;
    // First, for it asks for the minute before: what was told of that is still at hand.
    const energyKwh = meter.energyKwhAt(tickAt);
    const power = isPeriod ? periodPower(meter, streams, tsAt) : undefined;
    const powerKw = power?.avg ?? measuredKw(meter, streams, tickAt);
    const phases: Record<string, number> = {};
    addPhases(phases, meter, streams, { at: tsAt, powerKw });
    return {
      tsAt,
      periodMs: isPeriod ? meter.everyMs : 0,
      values: {
        power: power ?? roundToStep(powerKw, POWER_STEP_KW),
        energy: roundToStep(energyKwh, ENERGY_STEP_KWH),
        ...phases,
      },
      flags: {},
      seq: Math.max(0, Math.round((tickAt - meter.countedFromAt) / meter.everyMs)),
      isResent: false,
      mark: undefined,
      parameters: meter.minuteOfDay(tsAt) === 0 ? { 'ct-ratio': meter.wiring.ctRatio } : undefined,
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
