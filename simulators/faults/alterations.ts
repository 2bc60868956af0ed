/** What faults do to reports and to plants, said once. */
import type { Flag } from '../../contracts/signals.ts';
import type { WireValue } from '../../contracts/report.ts';
import { roundToStep, type DeviceReport } from '../instruments/device-report.ts';
import type { Conditions } from '../plants/plant-model.ts';
import type { Span } from '../plants/span.ts';
import type { FaultPlace } from './fault-place.ts';
import type { Scene } from './fault.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MINUTES = 1_440;
/** Electricity meters show hundredths. */
const METER_STEP = 0.01;

/** Means are told finer than the values that they are made of. */
const MEAN_STEPS = 10;

/** Step in which a signal is shown. */
export function stepOf({ model }: FaultPlace, signal: string): number {
  return model.stack.channels[signal]?.resolution ?? METER_STEP;
}

/** The number that a value stands for: itself, or the mean of its period. */
export function numberOf(value: WireValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'object' ? value.avg : undefined;
}

function mapValue(value: WireValue, change: (value: number) => number): WireValue {
  if (typeof value === 'number') return change(value);
  if (typeof value === 'string') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]));
}

/** The report with one signal changed, in the steps of its channel and within its range. */
export function mapSignal(
  report: DeviceReport,
  signal: string,
  place: FaultPlace,
  change: (value: number) => number,
): DeviceReport {
  const value = report.values[signal];
  if (value === undefined) return report;
  const step = stepOf(place, signal);
  const [low, high] = place.model.stack.channels[signal]?.range ?? [-Infinity, Infinity];
  const shown = (one: number): number => Math.min(high, Math.max(low, roundToStep(change(one), step)));
  return { ...report, values: { ...report.values, [signal]: mapValue(value, shown) } };
}

/** A mean that the device made itself, changed with its converted value; its least and greatest minute stay. */
export function mapMean(
  report: DeviceReport,
  signal: string,
  place: FaultPlace,
  change: (mean: number) => number,
): DeviceReport {
  const mean = report.values[signal];
  if (typeof mean !== 'object' || mean.avg === undefined) return report;
  const step = stepOf(place, signal) / MEAN_STEPS;
  const avg = roundToStep(change(mean.avg), step);
  const converted = mean.converted === undefined ? {} : { converted: roundToStep(change(mean.converted), step) };
  return { ...report, values: { ...report.values, [signal]: { ...mean, avg, ...converted } } };
}

/** The gases of the stack that the report speaks of. */
export function gasesOf(report: DeviceReport, { model }: FaultPlace): readonly string[] {
  return Object.keys(model.stack.gases).filter((gas) => report.values[gas] !== undefined);
}

/** Values of one report put in the place of another's. */
export function withValuesOf(report: DeviceReport, other: DeviceReport, signals: readonly string[]): DeviceReport {
  const taken = Object.fromEntries(
    signals.flatMap((signal) => {
      const value = other.values[signal];
      return value === undefined ? [] : [[signal, value] as const];
    }),
  );
  return { ...report, values: { ...report.values, ...taken } };
}

/** The same report with every signal under one flag. */
export function flagAll(report: DeviceReport, flag: Flag): DeviceReport {
  return flagSignals(report, Object.keys(report.values), flag);
}

export function flagSignals(report: DeviceReport, signals: readonly string[], flag: Flag): DeviceReport {
  return { ...report, flags: { ...report.flags, ...Object.fromEntries(signals.map((signal) => [signal, flag])) } };
}

/** Whether the analyser itself says that a signal is no measurement of the stack now. */
export function isFlagged(report: DeviceReport, signal: string): boolean {
  return report.flags[signal] !== undefined && report.flags[signal] !== 'N';
}

/** Whether the instant lies in the first minutes of its clock hour. */
export function isInHourPart(at: number, minutesEachHour: number): boolean {
  return (((at / MINUTE_MS) % 60) + 60) % 60 < minutesEachHour;
}

/** Ticks from the begin of the time on that are looked through; a calibration is over by then. */
const MOST_TICKS = 150;

/** The report at the first tick of the time at which the signal is a measurement. */
export function firstGoodReport(scene: Scene, periodMs: number): DeviceReport | undefined {
  return scene.once('first good report', () => {
    const { span, everyMs, settings, pristineAt } = scene;
    const firstTickAt = Math.ceil((span.fromAt + periodMs) / everyMs) * everyMs;
    for (let index = 0; index < MOST_TICKS; index += 1) {
      const report = pristineAt(firstTickAt + index * everyMs);
      if (!isFlagged(report, settings.signal)) return report;
    }
    return undefined;
  });
}

/** Ticks that make a usual level: an hour of minutes before the time begins. */
const LEVEL_TICKS = 60;

/** Mean of a signal right before the time began, calibrations left out. */
export function usualLevel(scene: Scene, signal: string): number {
  return scene.once(`usual level of ${signal}`, () => {
    const { span, everyMs, pristineAt } = scene;
    const lastTickAt = Math.floor(span.fromAt / everyMs) * everyMs;
    let [sum, count] = [0, 0];
    for (let index = 0; index < LEVEL_TICKS; index += 1) {
      const report = pristineAt(lastTickAt - index * everyMs);
      const value = numberOf(report.values[signal]);
      if (value === undefined || isFlagged(report, signal)) continue;
      sum += value;
      count += 1;
    }
    return count === 0 ? 0 : sum / count;
  });
}

/** Mean of what the device measured at its ticks in (from, to]; `undefined` where it measured nothing. */
export function measuredMean(
  { pristineAt, everyMs }: Scene,
  signal: string,
  { fromAt, toAt }: Span,
): { readonly mean: number; readonly min: number; readonly max: number } | undefined {
  const values: number[] = [];
  for (let tickAt = (Math.floor(fromAt / everyMs) + 1) * everyMs; tickAt <= toAt; tickAt += everyMs) {
    const report = pristineAt(tickAt);
    const value = numberOf(report.values[signal]);
    if (value !== undefined && !isFlagged(report, signal)) values.push(value);
  }
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  return { mean: sum / values.length, min: Math.min(...values), max: Math.max(...values) };
}

/** A mean that the device made itself, as it would be of what was measured in another span. */
export function meanOfOtherSpan(mean: DeviceReport, scene: Scene, signal: string, span: Span): DeviceReport {
  const own = measuredMean(scene, signal, { fromAt: mean.tsAt, toAt: mean.tsAt + mean.periodMs });
  const other = measuredMean(scene, signal, span);
  if (own === undefined || own.mean === 0 || other === undefined) return mean;
  return mapMean(mean, signal, scene.place, (value) => (value * other.mean) / own.mean);
}

/** Settings are told once a day. */
const LONGEST_SETTING_MS = DAY_MINUTES * MINUTE_MS;

/** A setting as the device told it last before the time began; `undefined` where it never did. */
export function settingBefore(scene: Scene, name: string): number | undefined {
  return scene.once(`setting ${name}`, () => {
    const { span, everyMs, pristineAt } = scene;
    const lastTickAt = Math.floor(span.fromAt / everyMs) * everyMs;
    for (let tickAt = lastTickAt; tickAt >= lastTickAt - LONGEST_SETTING_MS; tickAt -= everyMs) {
      const value = pristineAt(tickAt).parameters?.[name];
      if (typeof value === 'number') return value;
    }
    return undefined;
  });
}

/** Index of the tick, for the luck of a fault. */
export function tickOf(report: DeviceReport, { everyMs }: Scene): number {
  return Math.round(report.tsAt / everyMs);
}

/** Measured × this = converted to the reference oxygen. */
export function conversionOf(report: DeviceReport, { model }: FaultPlace): number {
  const { o2ReferencePercent } = model.stack;
  if (o2ReferencePercent === undefined) return 1;
  const o2 = Math.min(20, numberOf(report.values['o2']) ?? model.stack.o2FullLoadPercent);
  return (21 - o2ReferencePercent) / (21 - o2);
}

/** The conditions with one gas multiplied. */
export function multiplyGas(conditions: Conditions, gas: string, factor: number): Conditions {
  const gasFactors = { ...conditions.gasFactors, [gas]: (conditions.gasFactors[gas] ?? 1) * factor };
  return { ...conditions, gasFactors };
}

/** The conditions with a machine's meter at no less than a share of its rating: its register and currents know of it. */
export function keepAtLeast(
  conditions: Conditions,
  { model }: FaultPlace,
  machine: string,
  percent: number,
): Conditions {
  const ratedKw = model.machines.find(({ id }) => id === machine)?.ratedKw ?? 0;
  return { ...conditions, leastKw: { ...conditions.leastKw, [machine]: (ratedKw * percent) / 100 } };
}

/** The conditions with machines at a share of the power that their line asks for. */
export function turnMachines(conditions: Conditions, machines: readonly string[], factor: number): Conditions {
  const turned = machines.map((id) => [id, (conditions.machineFactors[id] ?? 1) * factor] as const);
  return { ...conditions, machineFactors: { ...conditions.machineFactors, ...Object.fromEntries(turned) } };
}
