/** The text of a registry of one small plant: what a test does not speak of has a plain default. */
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import type {
  DeviceEntry,
  LineEntry,
  OutletEntry,
  RegistryFile,
  SiteEntry,
} from '../../contracts/registry/registry-file.ts';

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

export interface PlantOptions {
  /** Cadence of every device that `devices` does not name; PT1M. */
  readonly every?: string;
  /** Added to those that outlet and line name, or in place of them. */
  readonly devices?: readonly DeviceEntry[];
  /** Of the outlet `stack`, measured by `cems-1`; null: none. */
  readonly outlet?: Loose<OutletEntry> | null;
  /** Further outlets. */
  readonly outlets?: readonly OutletEntry[];
  /** Of the line `line-1`, which feeds `stack` and has no meters unless named here; null: none. */
  readonly line?: Loose<LineEntry> | null;
  readonly lines?: readonly LineEntry[];
  /** Of the site `plant` itself. */
  readonly site?: Loose<SiteEntry>;
  readonly orders?: RegistryFile['orders'];
  readonly marks?: RegistryFile['marks'];
  readonly signals?: RegistryFile['signals'];
  readonly timezone?: string;
}

function namedBy(outlets: readonly OutletEntry[], lines: readonly LineEntry[]): Map<string, DeviceEntry['kind']> {
  const named = new Map<string, DeviceEntry['kind']>();
  for (const { device } of outlets) {
    for (const id of typeof device === 'string' ? [device] : device.map((entry) => entry.device)) named.set(id, 'cems');
  }
  for (const { production = [], treatment = [], cameras = [] } of lines) {
    for (const meter of [...production, ...treatment]) named.set(meter.device, 'meter');
    for (const camera of cameras) named.set(camera, 'camera');
  }
  return named;
}

function devicesOf(options: PlantOptions, outlets: readonly OutletEntry[], lines: readonly LineEntry[]): DeviceEntry[] {
  const { devices = [], every = 'PT1M' } = options;
  const own = new Set(devices.map(({ id }) => id));
  const implied = [...namedBy(outlets, lines)]
    .filter(([id]) => !own.has(id))
    .map(([id, kind]) => ({ id, kind, every }));
  return [...implied, ...devices];
}

/**
 * Registry text (JSON, which is YAML) of the site `plant`: outlet `stack`, device `cems-1`, line `line-1`.
 * @throws RangeError with every problem where the registry would be refused
 */
export function plantRegistry(options: PlantOptions = {}): string {
  const { outlet = {}, line = {} } = options;
  const outlets = [
    ...(outlet === null ? [] : [{ id: 'stack', device: 'cems-1', ...outlet } as OutletEntry]),
    ...(options.outlets ?? []),
  ];
  const feeds = { outlets: outlet === null ? [] : ['stack'] };
  const lines = [
    ...(line === null ? [] : [{ id: 'line-1', ...feeds, ...line } as LineEntry]),
    ...(options.lines ?? []),
  ];
  const text = JSON.stringify({
    version: 1,
    timezone: options.timezone ?? 'Asia/Shanghai',
    signals: options.signals,
    districts: [{ id: 'xinmi', name: '新密分局' }],
    sites: [
      {
        id: 'plant',
        name: '示例厂',
        district: 'xinmi',
        industry: 'cement',
        devices: devicesOf(options, outlets, lines),
        outlets,
        lines,
        ...options.site,
      },
    ],
    orders: options.orders,
    marks: options.marks,
  });
  const { problems } = readRegistry([{ name: 'plant.json', text }]);
  if (problems.length > 0) throw new RangeError(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return text;
}
