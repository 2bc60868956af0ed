/** What a run of the city came to, as rows of a table. */
import type { Row } from '../benchmarks-page.ts';
import { spreadOf, type Spread } from '../percentile.ts';

/** What was measured of one process. */
export interface ProcessFigures {
  readonly cores: number;
  readonly peakMb: number;
}

export interface CityFigures {
  readonly sites: number;
  readonly devices: number;
  readonly seconds: number;
  /** Reports that the devices send at their own cadence, a second. */
  readonly naturalPerSecond: number;
  readonly takenIn: number;
  /** Of them, the probe's. */
  readonly probeReports: number;
  readonly readByDetection: number;
  readonly deadLetters: number;
  readonly unacknowledged: number;
  /** Age of the oldest unread record, looked at each second, s. */
  readonly lagSeconds: readonly number[];
  /** Time to each answer, ms, by what was asked. */
  readonly answersMs: ReadonlyMap<string, readonly number[]>;
  readonly refusals: readonly string[];
  readonly readers: { readonly opened: number; readonly alive: number; readonly events: readonly number[] };
  readonly acknowledgedMs: readonly number[];
  readonly readableMs: readonly number[];
  readonly lostProbes: readonly string[];
  /** Longest delay of the server's event loop in each second, ms. */
  readonly loopDelayMs: readonly number[];
  readonly server: ProcessFigures;
  readonly simulator: ProcessFigures;
  /** Used by who asks and reads, and by everything else on the machine. */
  readonly watcherCores: number;
  readonly otherCores: number;
}

export interface CityGoals {
  readonly serverMb: number;
}

const count = (value: number): string => value.toLocaleString('en');

function show(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

const showSpread = ({ p50, p99, max }: Spread, unit: string): string =>
  `p50 ${show(p50)} ${unit}, p99 ${show(p99)} ${unit}, at most ${show(max)} ${unit}`;

const showProcess = ({ cores, peakMb }: ProcessFigures): string => `${show(cores)} cores, ${show(peakMb)} MB at most`;

function showEvents(events: readonly number[]): string {
  const [least, most] = [Math.min(...events), Math.max(...events)];
  return least === most ? `${count(most)} events each` : `${count(least)} to ${count(most)} events each`;
}

/** What was asked, slowest first. */
function byQuestion({ answersMs }: CityFigures): readonly (readonly [string, Spread])[] {
  return [...answersMs]
    .map(([about, values]) => [about, spreadOf(values)] as const)
    .toSorted((a, b) => b[1].p99 - a[1].p99);
}

export function questionLines(figures: CityFigures): readonly string[] {
  return byQuestion(figures).map(([about, spread]) => `  ${about}: ${showSpread(spread, 'ms')}`);
}

export function cityRows(figures: CityFigures, goals: CityGoals): readonly Row[] {
  const { seconds, readers } = figures;
  const answers = [...figures.answersMs.values()].flat();
  const lost = figures.lostProbes.length;
  const perSecond = `${show(answers.length / seconds)} questions/s beside ${readers.opened} live readers`;
  return [
    {
      what: `${count(figures.sites)} sites, ${count(figures.devices)} devices, for ${(seconds / 60).toFixed(1)} min`,
      figure: `${show((figures.takenIn - figures.probeReports) / seconds)} reports/s, and ${show(figures.probeReports / seconds)}/s of the probe; ${show(figures.readByDetection / seconds)}/s gone through all rules`,
      goal: `${show(figures.naturalPerSecond)}/s`,
    },
    {
      what: 'refused',
      figure: `${figures.deadLetters} dead letters, ${figures.unacknowledged} messages without a PUBACK`,
      goal: 'none',
    },
    { what: 'oldest report that waits for detection', figure: showSpread(spreadOf(figures.lagSeconds), 's'), goal: '' },
    {
      what: `API, ${perSecond}`,
      figure: `${showSpread(spreadOf(answers), 'ms')}; ${figures.refusals.length} refused`,
      goal: 'p99 ≤ 150 ms',
    },
    {
      what: 'live readers',
      figure: `${readers.alive} of ${readers.opened} alive, ${showEvents(readers.events)}`,
      goal: 'all alive',
    },
    {
      what: `report sent → its finding readable in the API, ${figures.readableMs.length} times`,
      figure: `${showSpread(spreadOf(figures.readableMs), 'ms')}${lost === 0 ? '' : `; ${lost} without a finding`}`,
      goal: 'p99 ≤ 1 s',
    },
    { what: 'report sent → PUBACK', figure: showSpread(spreadOf(figures.acknowledgedMs), 'ms'), goal: '' },
    { what: 'server', figure: showProcess(figures.server), goal: `≤ ${show(goals.serverMb)} MB` },
    {
      what: 'its event loop, the longest delay of each second (10 ms when idle)',
      figure: showSpread(spreadOf(figures.loopDelayMs), 'ms'),
      goal: '',
    },
    { what: 'simulator', figure: showProcess(figures.simulator), goal: '' },
    {
      what: 'beside them on the same machine',
      figure: `${show(figures.watcherCores)} cores for who asks and reads, ${show(figures.otherCores)} cores for other programs`,
      goal: '',
    },
  ];
}

/** What has to be looked into: no figure of such a run should be believed. */
export function failuresOf({ refusals, lostProbes, readers }: CityFigures): readonly string[] {
  const dead = readers.opened - readers.alive;
  return [...refusals, ...lostProbes, ...(dead === 0 ? [] : [`${dead} live readers were cut off`])];
}
