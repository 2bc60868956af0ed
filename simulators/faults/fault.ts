/**
 * A fault: something wrong that is put into a plant or into what a device says, with the rule that should notice.
 * A look-alike has the same form, and nothing is wrong with it.
 *
 * Neither knows how a rule finds it: they share no threshold and no duration with `detect/`.
 */
import type { Subject } from '../../contracts/finding.ts';
import type { RuleId } from '../../contracts/rule-ids.ts';
import type { Flag } from '../../contracts/signals.ts';
import type { DeviceReport } from '../instruments/device-report.ts';
import type { Conditions } from '../plants/plant-model.ts';
import type { RandomStream } from '../plants/random-stream.ts';
import type { Span } from '../plants/span.ts';
import type { TrapId } from '../look-alikes/traps.ts';
import type { FaultPlace } from './fault-place.ts';

/** Weak is what a careful cheat does, and still wrong by the words of the rule; strong is plain to see. */
export const STRENGTHS = ['weak', 'middle', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

export interface FaultSettings {
  readonly device: string;
  /** Where several devices are touched at once. */
  readonly devices: readonly string[];
  readonly signal: string;
  readonly machine: string;
  /** The machine that stands in. */
  readonly spare: string;
  readonly line: string;
  readonly order: string;
  /** Multiplies what the fault is about. */
  readonly factor: number;
  /** What it is a share of, each fault says itself. */
  readonly percent: number;
  readonly dropC: number;
  readonly aheadMinutes: number;
  readonly delayMinutes: number;
  /** How far back it copies. */
  readonly backHours: number;
  /** Minutes of each hour in which it acts. */
  readonly minutesEachHour: number;
  readonly trucksPerHour: number;
  /** Under which flag it hides. */
  readonly flag: Flag;
  /** How long it lasts where the scenario says no end. */
  readonly minutes: number;
}

export const NEUTRAL_SETTINGS: FaultSettings = {
  device: '',
  devices: [],
  signal: '',
  machine: '',
  spare: '',
  line: '',
  order: '',
  factor: 1,
  percent: 0,
  dropC: 0,
  aheadMinutes: 0,
  delayMinutes: 0,
  backHours: 0,
  minutesEachHour: 60,
  trucksPerHour: 0,
  flag: 'N',
  minutes: 0,
};

/** One time that it happens, at its place. */
export interface Occurrence {
  readonly settings: FaultSettings;
  readonly span: Span;
  readonly place: FaultPlace;
  /** Its own luck. */
  readonly random: RandomStream;
}

/** Looked at from the plant, at an instant. */
export interface PlantScene extends Occurrence {
  readonly at: number;
}

/** Looked at from a device. */
export interface Scene extends Occurrence {
  readonly device: string;
  readonly everyMs: number;
  /** What the device would have said at a tick without it; also before and after it. */
  readonly pristineAt: (tickAt: number) => DeviceReport;
  /** A value that is made once for this time and this device. */
  readonly once: <T>(name: string, make: () => T) => T;
}

/** Reports of the span that are sent later: a second time, or for the first. */
export interface LateSending {
  readonly sendAt: number;
  readonly alter: (report: DeviceReport) => DeviceReport;
  /** They were held back: what is sent is what the device had to say, and not what `alter` made of it. */
  readonly isHeldBack?: true;
}

/** What faults and look-alikes have in common. */
interface Injection {
  /** Also its file name. */
  readonly id: string;
  /** What happens, in one sentence: it stands in the table of the reference. */
  readonly does: string;
  /** Settings that a scenario must give. */
  readonly needs: readonly (keyof FaultSettings)[];
  /** Settings that it may give, beside those that have a value here. */
  readonly may?: readonly (keyof FaultSettings)[];
  /** The line works although it is told to stand still. */
  readonly keepsRunning?: true;
  /** The line stands still. */
  readonly standsStill?: true;
  /** Acts on the plant: what is measured is true. */
  readonly disturb?: (conditions: Conditions, scene: PlantScene) => Conditions;
  /** Acts on what the device says; `undefined` = it says nothing. */
  readonly alter?: (report: DeviceReport, scene: Scene) => DeviceReport | undefined;
  /** Acts on a mean that the device makes itself beside its minutes; those have passed through `alter` already. */
  readonly alterMean?: (mean: DeviceReport, scene: Scene) => DeviceReport | undefined;
  /** What is sent later of the reports of the span. */
  readonly sendAgain?: (scene: Scene) => LateSending;
  /** Who a finding should name. */
  readonly subject: (settings: FaultSettings, place: FaultPlace) => Subject;
  /** Part of the span in which it is wrong; absent = all of it. */
  readonly wrongIn?: (settings: FaultSettings, place: FaultPlace) => Span;
}

export interface FaultKind extends Injection {
  /** The rule that should find it. */
  readonly rule: RuleId;
  /** Rules that may speak of it as well, and rightly. */
  readonly also?: readonly RuleId[];
  readonly strengths: Readonly<Record<Strength, Partial<FaultSettings>>>;
}

export interface LookAlikeKind extends Injection {
  readonly rule: null;
  /** The rule that must not find it. */
  readonly resembles: RuleId;
  /** Rules that may speak of it, and rightly: they are about what it truly is. */
  readonly also?: readonly RuleId[];
  readonly trap: TrapId;
  readonly defaults: Partial<FaultSettings>;
}

export type InjectionKind = FaultKind | LookAlikeKind;

/** Settings where the scenario says nothing. */
export function settingsOf(kind: InjectionKind, strength: Strength): Partial<FaultSettings> {
  return kind.rule === null ? kind.defaults : kind.strengths[strength];
}
