/**
 * The registry as the stages see it: resolved, checked, with every instant in epoch milliseconds.
 * Read from YAML by `read-registry.ts`; the form of the file is `registry-file.ts`.
 */
import type { Mark, Order } from '../order.ts';
import type { DeviceKind, Signal } from '../signals.ts';
import type { LocalTime } from '../time/local-time.ts';

/** A value in force in [fromAt, toAt); the spans of one list do not overlap and ascend. */
export interface Dated<T> {
  readonly value: T;
  readonly fromAt: number;
  readonly toAt: number;
}

export type Grade = 'A' | 'B' | 'C' | 'D' | 'leading' | 'none';

export interface Registry {
  /** SHA-256-free content name: changes when the text of any file changes. Set by the reader. */
  readonly version: string;
  readonly time: LocalTime;
  readonly districts: readonly District[];
  readonly signals: ReadonlyMap<string, Signal>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly orders: readonly Order[];
  readonly marks: readonly Mark[];
}

export interface District {
  readonly id: string;
  readonly name: string;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly district: string;
  readonly industry: string;
  readonly grade: readonly Dated<Grade>[];
  readonly positiveList: readonly Dated<boolean>[];
  readonly guaranteed: readonly Dated<boolean>[];
  readonly permit: string | undefined;
  readonly contacts: readonly { readonly name: string; readonly phone?: string }[];
  readonly location: readonly [number, number] | undefined;
  readonly devices: ReadonlyMap<string, Device>;
  readonly outlets: readonly Outlet[];
  readonly lines: readonly Line[];
  /** Rule parameters of this site that differ from the defaults: rule id → parameter → value. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Device {
  readonly id: string;
  readonly kind: DeviceKind;
  /** Cadence that it should report with. */
  readonly everyMs: number;
  readonly mn: string | undefined;
  readonly parent: string | undefined;
  readonly ctRatio: number | undefined;
}

export interface Outlet {
  readonly id: string;
  readonly kind: 'stack' | 'water';
  /** Which device measures it, and when; a backup serves where the primary is not valid. */
  readonly devices: readonly (Dated<string> & { readonly role: 'primary' | 'backup' })[];
  readonly basis: 'dry' | 'wet';
  /** % ; absent = limits are on the measured value. */
  readonly o2Reference: number | undefined;
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  readonly resolution: Readonly<Record<string, number>>;
  readonly limits: readonly Limit[];
  readonly caps: readonly Cap[];
  /** Budget of each excusing state; the defaults are filled in. */
  readonly excuse: Readonly<Record<ExcusingState, ExcuseBudget>>;
}

export const EXCUSING_STATES = ['start-up', 'shut-down', 'fault', 'stopped'] as const;
export type ExcusingState = (typeof EXCUSING_STATES)[number];

export interface ExcuseBudget {
  readonly eachMs: number;
  readonly yearMs: number;
}

/** An averaging period: clock spans align to local midnight, months and years to the calendar. */
export interface Average {
  /** ISO 8601 as written. */
  readonly text: string;
  readonly ms: number;
  readonly months: number;
}

export interface Limit {
  readonly signal: string;
  readonly max: number | undefined;
  readonly min: number | undefined;
  readonly average: Average;
  readonly fromAt: number;
  readonly toAt: number;
  readonly source: string | undefined;
  readonly allow: { readonly count: number; readonly per: Average } | undefined;
  readonly role: 'legal' | 'warning';
}

export interface Cap {
  readonly signal: string;
  readonly tonnes: number;
  /** Whole hours, or longer. */
  readonly per: Average;
  readonly fromAt: number;
  readonly toAt: number;
  readonly source: string | undefined;
}

export interface Line {
  readonly id: string;
  readonly outlets: readonly string[];
  readonly production: readonly LineMeter[];
  readonly treatment: readonly TreatmentMeter[];
  readonly cameras: readonly string[];
  readonly guaranteed: readonly Dated<boolean>[];
  readonly baseline: { readonly kWhPerHour: number; readonly source: string | undefined } | undefined;
  readonly plan: readonly PlanEntry[];
}

export interface LineMeter {
  readonly device: string;
  /** kW */
  readonly rated: number | undefined;
  /** kW from which the machine counts as on; absent = learned. */
  readonly on: number | undefined;
}

export interface TreatmentMeter extends LineMeter {
  /** Meters of one stage are alternatives: `need` of them must be on. No stage = must be on itself. */
  readonly stage: string | undefined;
  readonly need: number;
}

export interface PlanEntry {
  readonly level: Order['level'];
  readonly measure: 'stop' | 'reduce' | 'no-trucks' | 'none';
  readonly percent: number | undefined;
  /** Replaces the order's; absent = the order's holds. */
  readonly graceMs: number | undefined;
}

/** The value in force at an instant. */
export function datedAt<T>(list: readonly Dated<T>[], at: number): T | undefined {
  for (const entry of list) if (at >= entry.fromAt && at < entry.toAt) return entry.value;
  return undefined;
}
