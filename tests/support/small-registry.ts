/** A registry of a few sites without a file: as much as a check of reports looks at. */
import type { Device, Registry, Site } from '../../contracts/registry/registry.ts';
import { SIGNALS } from '../../contracts/signals.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';

function device(id: string): Device {
  return {
    id,
    kind: id.startsWith('cems') ? 'cems' : 'meter',
    everyMs: 60_000,
    mn: undefined,
    parent: undefined,
    ctRatio: undefined,
  };
}

function site(id: string, devices: readonly string[]): Site {
  return {
    id,
    name: id,
    district: 'xinmi',
    industry: 'cement',
    grade: [],
    positiveList: [],
    guaranteed: [],
    permit: undefined,
    contacts: [],
    location: undefined,
    devices: new Map(devices.map((name) => [name, device(name)])),
    outlets: [],
    lines: [],
    rules: {},
  };
}

/** @param sites site id → device ids */
export function smallRegistry(sites: Readonly<Record<string, readonly string[]>>): Registry {
  return {
    version: '1',
    time: createLocalTime('Asia/Shanghai'),
    districts: [{ id: 'xinmi', name: '新密分局' }],
    signals: new Map(SIGNALS.map((signal) => [signal.id, signal])),
    sites: new Map(Object.entries(sites).map(([id, devices]) => [id, site(id, devices)])),
    orders: [],
    marks: [],
  };
}
