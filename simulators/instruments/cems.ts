/**
 * A stack monitor (烟气在线监测): follows the gas with a delay, drifts between calibrations, shows whole steps, stops at
 * the end of its range (flag T), shows zero and span gas under flag C while it calibrates, and is flagged M while people
 * work on it. It declares what its line is doing as marks, and its settings once a day and when they change.
 */
import type { Flag } from '../../contracts/signals.ts';
import type { Activity } from '../plants/activity.ts';
import type { ChannelModel } from '../plants/plant-model.ts';
import type { RandomStream } from '../plants/random-stream.ts';
import { roundToStep, type DeviceReport, type Instrument, type OwnMeans } from './device-report.ts';
import type { Upkeep } from './upkeep.ts';

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
  readonly upkeep: Upkeep;
  readonly ductAreaM2: number;
  /** Means that it makes itself beside its minutes. */
  readonly ownMeans: readonly OwnMeans[];
  /** Number of the report of a tick. */
  readonly seqAt: (tickAt: number) => number;
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

interface Sample {
  readonly gas: number;
  readonly sampleAt: number;
  readonly isCalibrating: boolean;
}

interface Shown {
  readonly value: number;
  readonly flag: Flag;
}

/** What a channel reads of its gas: with noise, and with what it has drifted since it was calibrated. */
function readingOf(cems: Cems, signal: string, channel: ChannelModel, sample: Sample): number {
  const { gas, sampleAt } = sample;
  // At standstill there is nothing to make noise: a part of it is the flicker of the gas itself.
  const liveliness = Math.min(1, 0.3 + Math.abs(gas) / (channel.noise * 3));
  const noise = channel.noise * liveliness * cems.random.split('noise', signal).gaussianAt(sampleAt / cems.everyMs);
  return gas + noise + (sample.isCalibrating ? 0 : drift(cems, signal, channel, sampleAt));
}

function shownValue(cems: Cems, signal: string, truth: number | undefined, sampleAt: number): Shown | undefined {
  const channel = cems.channels[signal];
  if (channel === undefined) return undefined;
  const since = channel.calibrated ? calibratingSince(cems, sampleAt) : undefined;
  const gas = since === undefined ? truth : calibrationGas(cems, signal, channel, since);
  if (gas === undefined) return undefined;
  const read = readingOf(cems, signal, channel, { gas, sampleAt, isCalibrating: since !== undefined });
  const [low, high] = channel.range;
  if (read >= high) return { value: high, flag: 'T' };
  return { value: Math.max(low, roundToStep(read, channel.resolution)), flag: since === undefined ? 'N' : 'C' };
}

interface Declared {
  readonly state: string;
  readonly untilAt: number | undefined;
}

function declaredAt(cems: Cems, sampleAt: number): Declared {
  const visit = cems.upkeep.visitAt(sampleAt);
  if (visit !== undefined) return { state: 'maintenance', untilAt: visit.toAt };
  const since = calibratingSince(cems, sampleAt);
  if (since !== undefined) {
    return { state: 'calibration', untilAt: sampleAt + (cems.calibration.minutes - since) * MINUTE_MS };
  }
  const { phase } = cems.activityAt(sampleAt);
  return { state: phase === 'running' ? 'normal' : phase, untilAt: undefined };
}

/** Declared when the state changes, and a lasting stop twice a day. */
function markAt(cems: Cems, sampleAt: number): DeviceReport['mark'] {
  const declared = declaredAt(cems, sampleAt);
  const isDue = declared.state === 'stopped' && cems.minuteOfDay(sampleAt) % DECLARE_EVERY_MINUTES === 0;
  if (!isDue && declared.state === declaredAt(cems, sampleAt - cems.everyMs).state) return undefined;
  return declared;
}

function settingsOf(cems: Cems, at: number): Record<string, number> {
  const settings: Record<string, number> = {};
  for (const [signal, channel] of Object.entries(cems.channels)) {
    if (!channel.calibrated) continue;
    settings[`${signal}.range`] = channel.range[1];
    settings[`${signal}.slope`] = cems.upkeep.slopeAt(signal, at);
    settings[`${signal}.intercept`] = 0;
  }
  settings['duct-area'] = cems.ductAreaM2;
  return settings;
}

/** Once a day, and in the last minute of a visit, while that is still declared, with what was changed in it. */
function parametersAt(cems: Cems, sampleAt: number): DeviceReport['parameters'] {
  const nextAt = sampleAt + cems.everyMs;
  const isVisitOver = cems.upkeep.visitAt(sampleAt) !== undefined && cems.upkeep.visitAt(nextAt) === undefined;
  if (isVisitOver) return settingsOf(cems, nextAt);
  return cems.minuteOfDay(sampleAt) === PARAMETERS_MINUTE ? settingsOf(cems, sampleAt) : undefined;
}

export function createCems(cems: Cems): Instrument {
  const reportAt = (tickAt: number): DeviceReport => {
    const sampleAt = cems.form === 'period' ? tickAt - cems.everyMs : tickAt;
    const gas = cems.gasAt(sampleAt - RESPONSE_MS);
    const isWorkedOn = cems.upkeep.visitAt(sampleAt) !== undefined;
    const values: Record<string, number> = {};
    const flags: Record<string, Flag> = {};
    for (const signal of Object.keys(cems.channels)) {
      const shown = shownValue(cems, signal, gas[signal], sampleAt);
      if (shown === undefined) continue;
      values[signal] = shown.value;
      const flag = isWorkedOn ? 'M' : shown.flag;
      if (flag !== 'N') flags[signal] = flag;
    }
    return {
      tsAt: sampleAt,
      periodMs: cems.form === 'period' ? cems.everyMs : 0,
      values,
      flags,
      seq: cems.seqAt(tickAt),
      isResent: false,
      mark: markAt(cems, sampleAt),
      parameters: parametersAt(cems, sampleAt),
    };
  };
  return { everyMs: cems.everyMs, ownMeans: cems.ownMeans, reportAt };
}
