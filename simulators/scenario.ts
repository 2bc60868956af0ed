/**
 * A scenario: a city of plants with faults laid in time. Read from a file; everything else is made from it: the
 * registry (`registry-text.ts`), the reports (`report-stream.ts`) and the truth about the faults (`truth.ts`).
 */
import type { WireOrder } from '../contracts/order.ts';
import { parseClockDuration } from '../contracts/time/duration.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, parseInstant } from '../contracts/time/instant.ts';
import { createLocalTime, type LocalTime } from '../contracts/time/local-time.ts';
import type { Span } from './plants/span.ts';
import { createWeather } from './plants/weather.ts';
import { createRandom } from './random.ts';
import { readScenarioFile, type ScenarioFile, type ScenarioProblem } from './scenario-file.ts';
import { complain, readDuration, readOffset, type ScenarioReading } from './scenario-reading.ts';
import { readNetwork, type Network } from './network.ts';
import { readSites } from './read-city.ts';
import type { ScenarioSite } from './read-site.ts';

export type { ScenarioSite } from './read-site.ts';

/** An order with its relative times resolved. */
export interface ScenarioOrder {
  readonly wire: WireOrder;
  /** From when it is served and in force until it is lifted. */
  readonly force: Span;
  /** From the end of its grace until it is lifted. */
  readonly duty: Span;
}

export interface Scenario {
  readonly name: string;
  readonly seed: number;
  /** What the times of the file are relative to: the begin of live time. */
  readonly startAt: number;
  /** Nothing is known before. */
  readonly originAt: number;
  /** How much is played after the start where nobody says otherwise. */
  readonly aheadMs: number;
  readonly time: LocalTime;
  readonly districts: readonly { readonly id: string; readonly name: string }[];
  readonly sites: readonly ScenarioSite[];
  readonly orders: readonly ScenarioOrder[];
  readonly network: Network;
}

export interface ScenarioOptions {
  /** Name of the file, for messages. */
  readonly source: string;
  /** Instead of the file's own; cut to the minute. */
  readonly startAt?: number;
  readonly seed?: number;
}

const DEFAULT_TIMEZONE = 'Asia/Shanghai';
const DEFAULT_BACKLOG = 'PT14H';
const DEFAULT_AHEAD = 'PT2H';
const DEFAULT_SPREAD = 'PT45S';
const LONGEST_SPREAD_MS = 50 * SECOND_MS;
/** What a register has counted before the backlog begins; a backlog of two local days fits into it. */
const HISTORY_DAYS = 3;

function readTime(timezone: string, problems: ScenarioProblem[]): LocalTime {
  try {
    return createLocalTime(timezone);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    problems.push({ path: ['timezone'], message: `saw "${timezone}", expected an IANA zone (${cause})` });
    return createLocalTime(DEFAULT_TIMEZONE);
  }
}

function readStart(file: ScenarioFile, options: ScenarioOptions, problems: ScenarioProblem[]): number {
  const startAt = options.startAt ?? parseInstant(file.start);
  if (!Number.isNaN(startAt)) return Math.floor(startAt / MINUTE_MS) * MINUTE_MS;
  const message = `saw "${file.start}", expected an RFC 3339 instant with offset such as 2026-11-22T15:00:00+08:00`;
  problems.push({ path: ['start'], message });
  return 0;
}

/** Where registers and counters begin: some days before the start, or so long before the backlog as the file says. */
function readOrigin(
  file: ScenarioFile,
  at: { readonly startAt: number; readonly backlogFromAt: number; readonly time: LocalTime },
): number {
  if (file.history === undefined) return at.time.dayStart(at.startAt) - HISTORY_DAYS * DAY_MS;
  return at.backlogFromAt - (parseClockDuration(file.history) ?? 0);
}

function readSpread(file: ScenarioFile, problems: ScenarioProblem[]): number {
  const { spread = DEFAULT_SPREAD } = file;
  const spreadMs = parseClockDuration(spread);
  if (spreadMs !== undefined && spreadMs <= LONGEST_SPREAD_MS) return spreadMs;
  problems.push({ path: ['spread'], message: `saw "${spread}", expected a duration up to PT50S` });
  return 0;
}

function readOrders(reading: ScenarioReading, file: ScenarioFile): readonly ScenarioOrder[] {
  return (file.orders ?? []).map((entry, index) => {
    const path = ['orders', index];
    const fromAt = readOffset(reading, entry.from, [...path, 'from']);
    const toAt = typeof entry.to === 'string' ? readOffset(reading, entry.to, [...path, 'to']) : Infinity;
    const served = typeof entry.servedAt === 'string' ? entry.servedAt : entry.from;
    const servedAt = readOffset(reading, served, [...path, 'servedAt']);
    if (fromAt >= toAt) complain(reading, [...path, 'to'], '`to` is not after `from`; make it later');
    const { time } = reading;
    const wire: WireOrder = {
      ...entry,
      from: time.format(fromAt),
      to: toAt === Infinity ? null : time.format(toAt),
      servedAt: time.format(servedAt),
    };
    const graceMs = (entry.graceMinutes ?? 0) * MINUTE_MS;
    const force = { fromAt: Math.max(fromAt, servedAt), toAt };
    return { wire, force, duty: { fromAt: force.fromAt + graceMs, toAt } };
  });
}

/**
 * Reads a scenario from YAML or JSON.
 * @throws InputError with every problem, one a line: `file:line: path: what was seen and expected`
 */
export function parseScenario(text: string, options: ScenarioOptions): Scenario {
  const { file, toError } = readScenarioFile(text, options.source);
  const problems: ScenarioProblem[] = [];
  const time = readTime(file.timezone ?? DEFAULT_TIMEZONE, problems);
  const startAt = readStart(file, options, problems);
  const seed = options.seed ?? file.seed;
  const spreadMs = readSpread(file, problems);
  const random = createRandom(seed);
  const weatherAt = createWeather(random.split('weather'), (at) => time.minuteOfDay(at));
  const backlogMs = parseClockDuration(file.backlog ?? DEFAULT_BACKLOG) ?? 0;
  // A device that began within an hour would have a broken first hour; a store of minutes has no whole hour anyway.
  const backlogFromAt = backlogMs < HOUR_MS ? startAt - backlogMs : time.hourStart(startAt - backlogMs);
  const originAt = readOrigin(file, { startAt, backlogFromAt, time });
  const reading: ScenarioReading = { startAt, originAt, time, random, weatherAt, spreadMs, problems };
  for (const key of ['backlog', 'ahead', 'history'] as const) {
    if (file[key] !== undefined) readDuration(reading, file[key], [key]);
  }
  const aheadMs = parseClockDuration(file.ahead ?? DEFAULT_AHEAD) ?? 0;
  const network = readNetwork(reading, file.network);
  const orders = readOrders(reading, file);
  const known = orders.map(({ wire, duty }) => ({ id: wire.id, duty, reducePercent: wire.reducePercent ?? 0 }));
  const districts = file.districts.map(({ id }) => id);
  const surroundings = { districts, orders: known, imposed: orders, network, backlogFromAt };
  const sites = readSites(reading, file, { surroundings, imposed: orders, backlogMs });
  if (problems.length > 0) throw toError(problems);
  return {
    name: file.name,
    seed,
    startAt,
    originAt,
    aheadMs,
    time,
    districts: file.districts,
    sites,
    orders,
    network,
  };
}

/** What is played where nobody says otherwise: from the begin of the oldest backlog to some time after the start. */
export function scenarioSpan(scenario: Scenario): Span {
  const fromAt = Math.min(scenario.startAt, ...scenario.sites.map(({ backlogFromAt }) => backlogFromAt));
  return { fromAt, toAt: scenario.startAt + scenario.aheadMs };
}

/** Every device, in the order of the sites: what needs credentials. */
export function scenarioDevices(scenario: Scenario): readonly { readonly site: string; readonly device: string }[] {
  return scenario.sites.flatMap(({ devices }) => devices.map(({ site, id }) => ({ site, device: id })));
}
