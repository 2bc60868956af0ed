/** A site of the registry as readers see it at one moment. */
import type { LatestValue } from '../../contracts/ports/read-model.ts';
import { datedAt, type Device, type Line, type Outlet, type Site } from '../../contracts/registry/registry.ts';
import { formatClockDuration } from '../../contracts/time/duration.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { SiteSummary, SiteView } from './site-shapes.ts';

/** An instant as text; null for the ends of spans that have none. */
function textOf(at: number, time: LocalTime): string | null {
  return Number.isFinite(at) ? time.format(at) : null;
}

const spanOf = ({ fromAt, toAt }: { readonly fromAt: number; readonly toAt: number }, time: LocalTime) => ({
  from: textOf(fromAt, time),
  to: textOf(toAt, time),
});

export function siteSummary(site: Site, at: number): SiteSummary {
  return {
    id: site.id,
    name: site.name,
    district: site.district,
    industry: site.industry,
    grade: datedAt(site.grade, at) ?? 'none',
    positiveList: datedAt(site.positiveList, at) ?? false,
    guaranteed: datedAt(site.guaranteed, at) ?? false,
    location: site.location === undefined ? null : [...site.location],
  };
}

export function deviceView(
  device: Device,
  latest: readonly LatestValue[],
  time: LocalTime,
): SiteView['devices'][number] {
  let newest: LatestValue | undefined;
  for (const value of latest) {
    if (value.device === device.id && (newest === undefined || value.ts > newest.ts)) newest = value;
  }
  return {
    id: device.id,
    kind: device.kind,
    every: formatClockDuration(device.everyMs),
    mn: device.mn ?? null,
    parent: device.parent ?? null,
    ctRatio: device.ctRatio ?? null,
    latest: newest === undefined ? null : { ts: time.format(newest.ts), received: time.format(newest.received) },
  };
}

export function outletView(outlet: Outlet, time: LocalTime): SiteView['outlets'][number] {
  return {
    id: outlet.id,
    kind: outlet.kind,
    devices: outlet.devices.map((entry) => ({ device: entry.value, role: entry.role, ...spanOf(entry, time) })),
    basis: outlet.basis,
    o2Reference: outlet.o2Reference ?? null,
    limits: outlet.limits.map((limit) => ({
      signal: limit.signal,
      max: limit.max ?? null,
      min: limit.min ?? null,
      average: limit.average.text,
      ...spanOf(limit, time),
      source: limit.source ?? null,
      role: limit.role,
    })),
    caps: outlet.caps.map((cap) => ({
      signal: cap.signal,
      tonnes: cap.tonnes,
      per: cap.per.text,
      ...spanOf(cap, time),
      source: cap.source ?? null,
    })),
  };
}

const meterView = (meter: Line['production'][number]) => ({
  device: meter.device,
  rated: meter.rated ?? null,
  on: meter.on ?? null,
});

export function lineView(line: Line, at: number): SiteView['lines'][number] {
  const { baseline } = line;
  return {
    id: line.id,
    outlets: [...line.outlets],
    production: line.production.map(meterView),
    treatment: line.treatment.map((meter) => ({ ...meterView(meter), stage: meter.stage ?? null, need: meter.need })),
    cameras: [...line.cameras],
    guaranteed: datedAt(line.guaranteed, at) ?? false,
    baseline: baseline === undefined ? null : { kWhPerHour: baseline.kWhPerHour, source: baseline.source ?? null },
    plan: line.plan.map(({ level, measure, percent, graceMs }) => ({
      level,
      measure,
      percent: percent ?? null,
      graceMinutes: graceMs === undefined ? null : graceMs / MINUTE_MS,
    })),
  };
}
