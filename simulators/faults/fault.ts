/**
 * A fault: something wrong that is put into a plant or into what a device says, with the rule that should notice.
 *
 * A fault knows what it does, never how a rule finds it: it shares no threshold and no duration with `detect/`.
 */
import type { Subject } from '../../contracts/finding.ts';
import type { Flag } from '../../contracts/signals.ts';
import type { DeviceReport } from '../instruments/device-report.ts';
import type { Conditions } from '../plants/plant-model.ts';
import type { Span } from '../plants/span.ts';

export interface FaultSettings {
  readonly device: string;
  /** Where several devices are touched at once. */
  readonly devices: readonly string[];
  readonly signal: string;
  readonly machine: string;
  readonly line: string;
  readonly order: string;
  /** Multiplies what the fault is about. */
  readonly factor: number;
  readonly dropC: number;
  readonly aheadMinutes: number;
  readonly delayMinutes: number;
}

export const NEUTRAL_SETTINGS: FaultSettings = {
  device: '',
  devices: [],
  signal: '',
  machine: '',
  line: '',
  order: '',
  factor: 1,
  dropC: 0,
  aheadMinutes: 0,
  delayMinutes: 0,
};

/** One time that a fault happens, and the device that it is looked at from. */
export interface Scene {
  readonly settings: FaultSettings;
  readonly span: Span;
  readonly everyMs: number;
  /** What the device would have said at a tick without this fault. */
  readonly pristineAt: (tickAt: number) => DeviceReport;
}

/** Reports of the past that are sent a second time. */
export interface SecondSending {
  readonly sendAt: number;
  readonly alter: (report: DeviceReport) => DeviceReport;
}

/** Where a fault happens, to name its subject. */
export interface FaultPlace {
  readonly outlet: string;
  readonly stackDevice: string;
  /** Line of a machine. */
  readonly lineOf: (machine: string) => string;
  /** Time in which an order obliges: its grace is over and it is not lifted. */
  readonly dutyOf: (order: string) => Span;
}

export interface FaultKind {
  /** Also its file name. */
  readonly id: string;
  /** The rule that should find it. */
  readonly rule: string;
  /** Settings that a scenario must give; those of `defaults` it may give. */
  readonly needs: readonly (keyof FaultSettings)[];
  readonly defaults: Partial<FaultSettings>;
  /** The line works although it is told to stand still. */
  readonly keepsRunning?: true;
  /** Acts on the plant: what is measured is true. */
  disturb?(conditions: Conditions, settings: FaultSettings): Conditions;
  /** Acts on what the device says; `undefined` = it says nothing. */
  alter?(report: DeviceReport, scene: Scene): DeviceReport | undefined;
  /** What is sent again of the reports of the span. */
  sendAgain?(scene: Scene): SecondSending;
  /** Who a finding should name. */
  subject(settings: FaultSettings, place: FaultPlace): Subject;
  /** Part of the span in which it is wrong; absent = all of it. */
  wrongIn?(settings: FaultSettings, place: FaultPlace): Span;
}

/** The same report with every signal under one flag. */
export function flagAll(report: DeviceReport, flag: Flag): DeviceReport {
  return { ...report, flags: Object.fromEntries(Object.keys(report.values).map((signal) => [signal, flag])) };
}

/** The conditions with one gas multiplied. */
export function multiplyGas(conditions: Conditions, gas: string, factor: number): Conditions {
  const gasFactors = { ...conditions.gasFactors, [gas]: (conditions.gasFactors[gas] ?? 1) * factor };
  return { ...conditions, gasFactors };
}
