/**
 * What the registry means for the stream of one site, worked out once per registry version: which reading goes to
 * which mean, which meters tell whether an outlet operates, which lines and limits there are.
 */
import type { Mark, Order } from '../../contracts/order.ts';
import type { Average, Device, Limit, Line, Outlet, Registry, Site } from '../../contracts/registry/registry.ts';
import { POLLUTANTS, type Signal } from '../../contracts/signals.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import { watchLimits, type LimitWatch } from './limit-watch.ts';
import { planFamilies, type FamilyPlan } from './family-plan.ts';
import { deviceMarks, outletMarks, type MarkSpan } from './mark-book.ts';
import { tailNames, type TailNames } from './stream-order.ts';

export interface OutletPlan {
  readonly outlet: Outlet;
  /** Every device that measures it at some time. */
  readonly devices: readonly Device[];
  /** Production meters of the lines that feed it. */
  readonly meters: readonly {
    readonly device: Device;
    readonly on: number | undefined;
    readonly rated: number | undefined;
  }[];
  readonly hasLines: boolean;
  /** Averages below an hour that limits are set on, longest first. */
  readonly shortAverages: readonly Average[];
  /** Averages above an hour other than the day that limits are set on. */
  readonly longAverages: readonly Average[];
  readonly limits: readonly Limit[];
  readonly limitedSignals: readonly string[];
  /** Limits that are looked at while their periods run. */
  readonly watch: LimitWatch;
  /** Signals of which the tonnes are counted. */
  readonly cappedSignals: readonly string[];
  readonly marks: readonly MarkSpan[];
  readonly deviceIds: readonly string[];
}

export interface LinePlan {
  readonly line: Line;
  /** Production meters first, then treatment meters, in the order of the registry. */
  readonly meters: readonly LineMeterPlan[];
  readonly productionCount: number;
  /** Devices whose valid data say something about production besides meters: cameras, stack monitors, gates. */
  readonly signs: readonly string[];
}

export interface LineMeterPlan {
  readonly device: Device;
  readonly on: number | undefined;
  readonly rated: number | undefined;
  readonly stage: string | undefined;
  readonly need: number;
}

export interface DevicePlan {
  readonly device: Device;
  readonly tails: TailNames;
  readonly marks: readonly MarkSpan[];
  readonly outlets: readonly OutletPlan[];
  readonly fedOutlets: readonly { readonly plan: OutletPlan; readonly member: number }[];
  readonly lines: readonly { readonly plan: LinePlan; readonly member: number }[];
  readonly signOf: readonly LinePlan[];
  /** Its own threshold as a production or treatment meter; undefined = learned. */
  readonly on: number | undefined;
  readonly rated: number | undefined;
  readonly isLineMeter: boolean;
}

export interface SitePlan {
  readonly site: Site;
  readonly time: LocalTime;
  readonly signals: ReadonlyMap<string, Signal>;
  readonly devices: ReadonlyMap<string, DevicePlan>;
  readonly outlets: readonly OutletPlan[];
  readonly lines: readonly LinePlan[];
  /** Meters with others behind them. */
  readonly families: readonly FamilyPlan[];
  /** Orders whose scope may reach a line of this site, by begin. */
  readonly orders: readonly Order[];
  /** Step of the boundaries at which means are closed: an hour, or what divides every shorter average. */
  readonly boundaryMs: number;
}

const POLLUTANT_SET: ReadonlySet<string> = new Set(POLLUTANTS);

/** A pollutant in mg/m³ that is converted to the reference oxygen where the outlet has one. */
export function isPollutant(signal: string): boolean {
  return POLLUTANT_SET.has(signal);
}

function distinctAverages(limits: readonly Limit[], isWanted: (average: Average) => boolean): Average[] {
  const found = new Map<string, Average>();
  for (const limit of limits) if (isWanted(limit.average)) found.set(limit.average.text, limit.average);
  return [...found.values()].sort((a, b) => b.ms - a.ms);
}

function planOutlet(site: Site, outlet: Outlet, marks: readonly Mark[]): OutletPlan {
  const lines = site.lines.filter((line) => line.outlets.includes(outlet.id));
  const deviceIds = [...new Set(outlet.devices.map((entry) => entry.value))];
  const meters = new Map<string, OutletPlan['meters'][number]>();
  for (const line of lines) {
    for (const meter of line.production) {
      const device = site.devices.get(meter.device);
      if (device !== undefined) meters.set(device.id, { device, on: meter.on, rated: meter.rated });
    }
  }
  const devices = deviceIds.flatMap((id) => site.devices.get(id) ?? []);
  return {
    outlet,
    devices,
    meters: [...meters.values()],
    hasLines: lines.length > 0,
    shortAverages: distinctAverages(outlet.limits, (average) => average.months === 0 && average.ms < HOUR_MS),
    longAverages: distinctAverages(
      outlet.limits,
      (average) => average.text !== 'P1D' && (average.months > 0 || average.ms > HOUR_MS),
    ),
    limits: outlet.limits,
    limitedSignals: [...new Set(outlet.limits.map((limit) => limit.signal))],
    watch: watchLimits(outlet.limits, devices),
    cappedSignals: [...new Set(outlet.caps.map((cap) => cap.signal))],
    marks: outletMarks(marks, site, outlet),
    deviceIds,
  };
}

function planLine(site: Site, line: Line): LinePlan {
  const toPlan = (meter: Line['production'][number], stage?: string, need?: number): LineMeterPlan[] => {
    const device = site.devices.get(meter.device);
    return device === undefined ? [] : [{ device, on: meter.on, rated: meter.rated, stage, need: need ?? 1 }];
  };
  const production = line.production.flatMap((meter) => toPlan(meter));
  const treatment = line.treatment.flatMap((meter) => toPlan(meter, meter.stage, meter.need));
  const stacks = site.outlets.filter((outlet) => line.outlets.includes(outlet.id));
  const gates = [...site.devices.values()].filter(({ kind }) => kind === 'gate').map(({ id }) => id);
  const signs = [...line.cameras, ...stacks.flatMap((outlet) => outlet.devices.map((entry) => entry.value)), ...gates];
  return {
    line,
    meters: [...production, ...treatment],
    productionCount: production.length,
    signs: [...new Set(signs)],
  };
}

function planDevice(
  site: Site,
  device: Device,
  outlets: readonly OutletPlan[],
  lines: readonly LinePlan[],
): Omit<DevicePlan, 'marks'> {
  const members = lines.flatMap((plan) =>
    plan.meters.flatMap((meter, member) => (meter.device.id === device.id ? [{ plan, member }] : [])),
  );
  const first = members[0];
  const meter = first?.plan.meters[first.member];
  return {
    device,
    tails: tailNames(device.id, device.kind),
    outlets: outlets.filter((outlet) => outlet.deviceIds.includes(device.id)),
    fedOutlets: outlets.flatMap((plan) => {
      const at = plan.meters.findIndex((entry) => entry.device.id === device.id);
      return at < 0 ? [] : [{ plan, member: at }];
    }),
    lines: members,
    signOf: lines.filter((plan) => plan.signs.includes(device.id)),
    on: meter?.on,
    rated: meter?.rated,
    isLineMeter: meter !== undefined,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Whether an order's scope may ever reach the site: statuses are looked at moment by moment later. */
function mayReach(order: Order, site: Site): boolean {
  const { scope } = order;
  return (
    scope.sites.includes(site.id) ||
    scope.lines.some((line) => line.startsWith(`${site.id}/`)) ||
    scope.industries.includes(site.industry) ||
    scope.districts.includes(site.district) ||
    site.grade.some((grade) => scope.grades.includes(grade.value))
  );
}

/** @param orders registry and API together, @param marks likewise */
export function planSite(site: Site, registry: Registry, orders: readonly Order[], marks: readonly Mark[]): SitePlan {
  const own = marks.filter((mark) => mark.site === site.id);
  const outlets = site.outlets.map((outlet) => planOutlet(site, outlet, own));
  const lines = site.lines.map((line) => planLine(site, line));
  const devices = new Map<string, DevicePlan>();
  for (const device of site.devices.values()) {
    devices.set(device.id, { ...planDevice(site, device, outlets, lines), marks: deviceMarks(own, site, device.id) });
  }
  let boundaryMs = HOUR_MS;
  for (const plan of outlets) {
    for (const average of plan.shortAverages) boundaryMs = greatestCommonDivisor(boundaryMs, average.ms);
  }
  return {
    site,
    time: registry.time,
    signals: registry.signals,
    devices,
    outlets,
    lines,
    families: planFamilies(site),
    orders: orders
      .filter((order) => mayReach(order, site))
      .sort((a, b) => a.fromAt - b.fromAt || (a.id < b.id ? -1 : 1)),
    boundaryMs,
  };
}
