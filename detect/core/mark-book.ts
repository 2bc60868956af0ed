/**
 * Which declared states (marks 标记) hold for a device or an outlet, from all three sources: the registry, officers
 * through the API, and the devices themselves.
 */
import type { Mark } from '../../contracts/order.ts';
import type { Outlet, Site } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';

/** A mark that a device declared in its reports. Part of snapshots. */
export interface DeviceMark {
  readonly device: string;
  readonly state: string;
  readonly from: number;
  /** null: until the next mark of the device, 24 h at most. */
  to: number | null;
  /** Beginning of the state, however often the device declared it again without a break. */
  readonly since: number;
  readonly declaredAt: number;
}

/** A span of a state with who declared it when. */
export interface MarkSpan {
  readonly state: string;
  readonly from: number;
  readonly to: number;
  /** Beginning of the state where marks of it follow each other without a break. */
  readonly since: number;
  readonly declaredAt: number;
  readonly accepted: boolean;
  readonly by: string;
}

const KEEP_MS = 400 * DAY_MS;
const LONGEST_OPEN_MS = DAY_MS;

function endOf(mark: DeviceMark): number {
  return mark.to ?? mark.from + LONGEST_OPEN_MS;
}

interface Declared {
  readonly state: string;
  readonly until: number | undefined;
}

/** Ends what a new mark of the device ends; says since when its state has lasted without a break. */
function endBefore(marks: readonly DeviceMark[], device: string, state: string, ts: number): number {
  let since = ts;
  for (const before of marks) {
    if (before.device !== device || before.from > ts) continue;
    const isSame = before.state === state;
    if (isSame && endOf(before) >= ts) since = Math.min(since, before.since);
    const isSaidAnew = isSame || state === 'normal';
    if (before.to === null || (isSaidAnew && before.to > ts)) before.to = Math.min(ts, endOf(before));
  }
  return since;
}

/**
 * Takes in a mark of a device, in order of time. It ends the device's marks that have no end of their own and those of
 * the same state, which it says anew; `normal` ends all of them.
 */
export function declareMark(
  marks: DeviceMark[],
  device: string,
  mark: Declared,
  at: { readonly ts: number; readonly received: number },
): void {
  const since = endBefore(marks, device, mark.state, at.ts);
  while (marks.length > 0 && (marks[0] as DeviceMark).from < at.ts - KEEP_MS) marks.shift();
  if (mark.state === 'normal') return;
  marks.push({ device, state: mark.state, from: at.ts, to: mark.until ?? null, since, declaredAt: at.received });
}

function deviceSpan(mark: DeviceMark): MarkSpan {
  const { state, from, since, declaredAt, device } = mark;
  return { state, from, to: endOf(mark), since, declaredAt, accepted: false, by: device };
}

function fixedSpan(mark: Mark): MarkSpan {
  return {
    state: mark.state,
    from: mark.fromAt,
    to: mark.toAt,
    since: mark.fromAt,
    declaredAt: mark.declaredAt,
    accepted: mark.accepted,
    by: mark.by,
  };
}

/** Marks of one state that touch or overlap are one state that lasts. */
function chain(spans: readonly MarkSpan[]): readonly MarkSpan[] {
  const reached = new Map<string, { since: number; to: number }>();
  return [...spans]
    .sort((a, b) => a.from - b.from)
    .map((span) => {
      const before = reached.get(span.state);
      const since = before !== undefined && before.to >= span.from ? before.since : span.from;
      reached.set(span.state, { since, to: Math.max(span.to, before?.to ?? span.to) });
      return { ...span, since };
    });
}

/** The registry's and officers' marks that speak of an outlet: by itself, its device, a line that feeds it, the site. */
export function outletMarks(marks: readonly Mark[], site: Site, outlet: Outlet): readonly MarkSpan[] {
  const lines = site.lines.filter((line) => line.outlets.includes(outlet.id)).map((line) => line.id);
  const devices = outlet.devices.map((entry) => entry.value);
  const own = marks
    .filter((mark) => {
      if (mark.site !== site.id) return false;
      if (mark.outlet !== undefined) return mark.outlet === outlet.id;
      if (mark.device !== undefined) return devices.includes(mark.device);
      return mark.line === undefined || lines.includes(mark.line);
    })
    .map(fixedSpan);
  return chain(own);
}

/** The registry's and officers' marks that speak of a device: by itself, its outlet, its line, the site. */
export function deviceMarks(marks: readonly Mark[], site: Site, device: string): readonly MarkSpan[] {
  const outlets = site.outlets.filter((outlet) => outlet.devices.some((entry) => entry.value === device));
  const lines = site.lines.filter(
    (line) =>
      [...line.production, ...line.treatment].some((meter) => meter.device === device) ||
      outlets.some((outlet) => line.outlets.includes(outlet.id)),
  );
  return marks
    .filter((mark) => {
      if (mark.site !== site.id) return false;
      if (mark.device !== undefined) return mark.device === device;
      if (mark.outlet !== undefined) return outlets.some((outlet) => outlet.id === mark.outlet);
      return mark.line === undefined || lines.some((line) => line.id === mark.line);
    })
    .map(fixedSpan);
}

/** All spans of the given states that touch [from, to). */
export function spansBetween(
  fixed: readonly MarkSpan[],
  declared: readonly DeviceMark[],
  devices: readonly string[],
  window: { readonly from: number; readonly to: number; readonly states: readonly string[] },
): MarkSpan[] {
  const found: MarkSpan[] = [];
  const take = (span: MarkSpan): void => {
    if (span.from < window.to && span.to > window.from && window.states.includes(span.state)) found.push(span);
  };
  for (const span of fixed) take(span);
  for (const mark of declared) if (devices.includes(mark.device)) take(deviceSpan(mark));
  return found;
}

/** Milliseconds of [from, to) that at least one span covers. */
export function coveredMs(
  spans: readonly { readonly from: number; readonly to: number }[],
  from: number,
  to: number,
): number {
  let covered = 0;
  let reached = from;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const start = Math.max(span.from, reached);
    const end = Math.min(span.to, to);
    if (end > start) {
      covered += end - start;
      reached = end;
    }
  }
  return covered;
}

/** Declared in time, or accepted by an officer. */
export function isHonoured(span: MarkSpan): boolean {
  return span.accepted || span.declaredAt - span.from <= HOUR_MS;
}

/** Whether an honoured mark of one of the states touches [from, to). */
export function isMarked(
  fixed: readonly MarkSpan[],
  declared: readonly DeviceMark[],
  devices: readonly string[],
  { from, to, states }: { readonly from: number; readonly to: number; readonly states: readonly string[] },
): boolean {
  for (const span of fixed) {
    if (span.from < to && span.to > from && states.includes(span.state) && isHonoured(span)) return true;
  }
  for (const mark of declared) {
    if (mark.from >= to || endOf(mark) <= from) continue;
    if (states.includes(mark.state) && devices.includes(mark.device) && mark.declaredAt - mark.from <= HOUR_MS)
      return true;
  }
  return false;
}
