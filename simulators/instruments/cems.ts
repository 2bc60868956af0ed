/**
 * A stack monitor (烟气在线监测): follows the gas with a delay, drifts between calibrations, shows whole steps, stops at
 * the end of its range (flag T), and shows zero and span gas under flag C while it calibrates. It declares what its
 * line is doing as marks.
 */
import type { Flag } from '../../contracts/signals.ts';
import type { Activity } from '../plants/activity.ts';
import type { ChannelModel } from '../plants/plant-model.ts';
import type { RandomStream } from '../plants/random-stream.ts';
import { roundToStep, type DeviceReport, type Instrument } from './device-report.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Sample line and cell together. */
const RESPONSE_MS = 45_000;
/** A stop that lasts is declared again at these local minutes: a mark holds 24 h at most. */
const DECLARE_EVERY_MINUTES = 720;
/** Local minute at which the settings are reported. */
const PARAMETERS_MINUTE = 5;

export interface Cems {
  readonly everyMs: number;
  /** Whether it sends instants or means of a minute. */
  readonly form: 'instant' | 'period';
  readonly channels: Readonly<Record<string, ChannelModel>>;
  readonly random: RandomStream;
  /** The daily automatic calibration. */
  readonly calibration: { readonly startMinute: number; readonly minutes: number };
  /** Ticks before this one are not counted by `seq`. */
  readonly countedFromAt: number;
  readonly minuteOfDay: (at: number) => number;
  readonly gasAt: (at: number) => Readonly<Record<string, number>>;
  readonly activityAt: (at: number) => Activity;
}

/** Minutes since the calibration began; `undefined` outside it. */
function calibratingSince(cems: Cems, at: number): number | undefined {
  const { startMinute, minutes } = cems.calibration;
  const since = (cems.minuteOfDay(at) - startMinute + DAY_MINUTES) % DAY_MINUTES;
  return since < minutes ? since : undefined;
}

/** Up to ±0.25 % of full scale per day, one direction for each channel, back to nothing at each calibration. */
function drift(cems: Cems, signal: string, channel: ChannelModel, at: number): number {
  const { startMinute, minutes } = cems.calibration;
  const since = (cems.minuteOfDay(at) - startMinute - minutes + 2 * DAY_MINUTES) % DAY_MINUTES;
  const perDay = (cems.random.split('drift', signal).uniformAt(0) - 0.5) * 0.005;
  return channel.calibrated ? (perDay * channel.range[1] * since) / DAY_MINUTES : 0;
}

/** Zero gas in the first half of a calibration, span gas in the second. */
function calibrationGas(cems: Cems, signal: string, channel: ChannelModel, sinceMinutes: number): number {
  const isZero = sinceMinutes < cems.calibration.minutes / 2;
  if (signal === 'o2') return isZero ? 0 : 20.9;
  return isZero ? 0 : channel.range[1] * 0.8;
}

interface Shown {
  readonly value: number;
  readonly flag: Flag;
}

function shownValue(cems: Cems, signal: string, truth: number | undefined, sampleAt: number): Shown | undefined {
  const channel = cems.channels[signal];
  if (channel === undefined) return undefined;
  const since = channel.calibrated ? calibratingSince(cems, sampleAt) : undefined;
  const gas = since === undefined ? truth : calibrationGas(cems, signal, channel, since);
  if (gas === undefined) return undefined;
  // At standstill there is nothing to make noise: a part of it is the flicker of the gas itself.
  const liveliness = Math.min(1, 0.3 + Math.abs(gas) / (channel.noise * 3));
  const noise = channel.noise * liveliness * cems.random.split('noise', signal).gaussianAt(sampleAt / cems.everyMs);
  const read = gas + noise + (since === undefined ? drift(cems, signal, channel, sampleAt) : 0);
  const [low, high] = channel.range;
  if (read >= high) return { value: high, flag: 'T' };
  return { value: Math.max(low, roundToStep(read, channel.resolution)), flag: since === undefined ? 'N' : 'C' };
}

function declaredState(cems: Cems, sampleAt: number): string {
  if (calibratingSince(cems, sampleAt) !== undefined) return 'calibration';
  const { phase } = cems.activityAt(sampleAt);
  return phase === 'running' ? 'normal' : phase;
}

/** Declared when the state changes, and a lasting stop twice a day. */
function markAt(cems: Cems, sampleAt: number): DeviceReport['mark'] {
  const state = declaredState(cems, sampleAt);
  const minute = cems.minuteOfDay(sampleAt);
  const isDue = state === 'stopped' && minute % DECLARE_EVERY_MINUTES === 0;
  if (!isDue && state === declaredState(cems, sampleAt - cems.everyMs)) return undefined;
  if (state !== 'calibration') return { state, untilAt: undefined };
  const end = (cems.calibration.startMinute + cems.calibration.minutes - minute + DAY_MINUTES) % DAY_MINUTES;
  return { state, untilAt: sampleAt + end * MINUTE_MS };
}

function parametersAt(cems: Cems, sampleAt: number): DeviceReport['parameters'] {
  if (cems.minuteOfDay(sampleAt) !== PARAMETERS_MINUTE) return undefined;
  const settings: Record<string, number> = {};
  for (const [signal, channel] of Object.entries(cems.channels)) {
    if (!channel.calibrated) continue;
    settings[`${signal}.range`] = channel.range[1];
    settings[`${signal}.slope`] = 1;
    settings[`${signal}.intercept`] = 0;
  }
  return settings;
}

export function createCems(cems: Cems): Instrument {
  const reportAt = (tickAt: number): DeviceReport => {
    const sampleAt = cems.form === 'period' ? tickAt - cems.everyMs : tickAt;
    const gas = cems.gasAt(sampleAt - RESPONSE_MS);
    const values: Record<string, number> = {};
    const flags: Record<string, Flag> = {};
    for (const signal of Object.keys(cems.channels)) {
      const shown = shownValue(cems, signal, gas[signal], sampleAt);
      if (shown === undefined) continue;
      values[signal] = shown.value;
      if (shown.flag !== 'N') flags[signal] = shown.flag;
    }
    return {
      tsAt: sampleAt,
      periodMs: cems.form === 'period' ? cems.everyMs : 0,
      values,
      flags,
      seq: Math.max(0, Math.round((tickAt - cems.countedFromAt) / cems.everyMs)),
      isResent: false,
      mark: markAt(cems, sampleAt),
      parameters: parametersAt(cems, sampleAt),
    };
  };
  return { everyMs: cems.everyMs, reportAt };
}
