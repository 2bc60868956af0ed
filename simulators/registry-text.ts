/** The registry of a scenario, as a file that a person could have written. */
import { formatClockDuration } from '../contracts/time/duration.ts';
import { meterWiring } from './make-instrument.ts';
import { NO_STACK, type LineModel, type MachineModel, type PlantModel } from './plants/plant-model.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';

/** Limits, and everything else that has a beginning, have been in force for longer than any scenario lasts. */
const IN_FORCE_FROM = '2020-01-01';
const DIVISION_CODE = '410183';

/** One entry on one line: JSON is YAML, and a line is what people compare. */
function flow(value: unknown): string {
  return JSON.stringify(value);
}

function listOf(name: string, indent: string, entries: readonly unknown[]): readonly string[] {
  if (entries.length === 0) return [];
  return [`${indent}${name}:`, ...entries.map((entry) => `${indent}  - ${flow(entry)}`)];
}

/** 14 digits: division, site, device. */
function deviceNumber(siteNumber: number, deviceNumber: number): string {
  return `${DIVISION_CODE}${String(siteNumber).padStart(5, '0')}${String(deviceNumber).padStart(3, '0')}`;
}

function deviceEntries(site: ScenarioSite, siteNumber: number): readonly unknown[] {
  return site.devices.map(({ id, kind, instrument }, index) => ({
    id,
    kind,
    every: formatClockDuration(instrument.everyMs),
    ...(kind === 'cems' ? { mn: deviceNumber(siteNumber, index + 1) } : {}),
    ...(kind === 'meter' ? meterPlace(site.plant.model, id) : {}),
  }));
}

/** Where a meter sits: behind the meter of the whole site, with its current transformers. */
function meterPlace(model: PlantModel, id: string): { readonly parent?: string; readonly ctRatio?: number } {
  const wiring = meterWiring(model, id);
  const parent = model.total === undefined || model.total.id === id ? {} : { parent: model.total.id };
  return { ...parent, ...(wiring === undefined ? {} : { ctRatio: wiring.ctRatio }) };
}

function outletLines(site: ScenarioSite): readonly string[] {
  const { stack } = site.plant.model;
  if (stack === NO_STACK) return [];
  const channels = Object.entries(stack.channels);
  const ranges = Object.fromEntries(channels.map(([signal, { range }]) => [signal, range]));
  const resolution = Object.fromEntries(channels.map(([signal, channel]) => [signal, channel.resolution]));
  return [
    '    outlets:',
    `      - id: ${stack.outlet}`,
    `        device: ${stack.device}`,
    ...(stack.o2ReferencePercent === undefined ? [] : [`        o2Reference: ${stack.o2ReferencePercent}`]),
    `        ranges: ${flow(ranges)}`,
    `        resolution: ${flow(resolution)}`,
    ...listOf(
      'limits',
      '        ',
      site.limits.map(({ source, ...limit }) => ({ ...limit, from: IN_FORCE_FROM, source })),
    ),
    ...listOf(
      'caps',
      '        ',
      site.caps.map((cap) => ({ ...cap, from: IN_FORCE_FROM })),
    ),
  ];
}

function meterEntry({ id, ratedKw, onKw, stage }: MachineModel): unknown {
  return { device: id, rated: ratedKw, on: onKw, ...(stage === undefined ? {} : { stage }) };
}

function lineLines(site: ScenarioSite, line: LineModel): readonly string[] {
  const { machines, stack } = site.plant.model;
  const own = machines.filter((machine) => machine.line === line.id);
  const kWhPerHour = site.baselines[line.id];
  const metersOf = (role: MachineModel['role']): readonly unknown[] =>
    own.filter((machine) => machine.role === role).map(meterEntry);
  return [
    `      - id: ${line.id}`,
    ...(stack.line === line.id ? [`        outlets: [${stack.outlet}]`] : []),
    ...listOf('production', '        ', metersOf('production')),
    ...listOf('treatment', '        ', metersOf('treatment')),
    ...(line.cameras.length === 0 ? [] : [`        cameras: [${line.cameras.join(', ')}]`]),
    ...(kWhPerHour === undefined ? [] : [`        baseline: ${flow({ kWhPerHour, source: '一厂一策' })}`]),
    ...listOf('plan', '        ', site.plans[line.id] ?? []),
  ];
}

function siteLines(site: ScenarioSite, siteNumber: number): readonly string[] {
  return [
    `  - id: ${site.id}`,
    `    name: ${flow(site.name)}`,
    `    district: ${site.district}`,
    `    industry: ${site.industry}`,
    ...(site.grade === undefined ? [] : [`    grade: ${site.grade}`]),
    ...(site.isGuaranteed ? ['    guaranteed: true'] : []),
    ...(site.location === undefined ? [] : [`    location: ${flow(site.location)}`]),
    `    contacts: [{"name": "值班室", "phone": "0371-0000${String(siteNumber).padStart(4, '0')}"}]`,
    ...listOf('devices', '    ', deviceEntries(site, siteNumber)),
    ...outletLines(site),
    '    lines:',
    ...site.plant.model.lines.flatMap((line) => lineLines(site, line)),
  ];
}

/** Text of a registry file, YAML 1.2: sites with devices, outlets, limits and lines, and the orders. */
export function scenarioRegistry(scenario: Scenario): string {
  const lines = [
    `# The city of the scenario "${scenario.name}", seed ${scenario.seed}. All firms are invented.`,
    'version: 1',
    `timezone: ${scenario.time.timezone}`,
    ...listOf('districts', '', scenario.districts),
    'sites:',
    ...scenario.sites.flatMap((site, index) => siteLines(site, index + 1)),
    ...listOf(
      'orders',
      '',
      scenario.orders.map(({ wire }) => wire),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
