/** The city at real time, watched for some minutes: questions, live readers, probes, and what it all costs. */
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../../../simulators/scenario.ts';
import type { CityFigures } from './city-figures.ts';
import type { CityFolder } from './city-folder.ts';
import type { Measured, Server } from './city-processes.ts';
import { naturalRate } from './city-registry.ts';
import { createQuestions, Desks } from './desks.ts';
import { Probe, type ProbeTimes } from './probe.ts';
import { openReaders } from './stream-readers.ts';

const READERS = 50;
const QUESTIONS_PER_SECOND = 20;
const SAMPLE_EVERY_MS = 1_000;
/** A probe begins a little before it is timed, and must be over when the run is. */
const PROBE_SHARE = 0.9;
const CALM_SECONDS = 10;
const MOST_OF_CLIENTS = 0.98;
const MOST_OF_RATE = 1.3;
const LONGEST_CATCH_UP_MS = 900_000;

export interface RunningCity {
  readonly city: Scenario;
  readonly folder: CityFolder;
  readonly server: Server;
  readonly simulator: Measured;
  readonly clients: number;
  readonly probes: number;
}

/** Resolves when every client is connected and has sent what it had stored. @returns how long that took */
export async function untilRealTime({ city, clients, folder, server }: RunningCity): Promise<number> {
  const desks = new Desks(server.page, folder.deskKeys);
  const begin = performance.now();
  const rate = naturalRate(city);
  const counts: number[] = [];
  for (;;) {
    const metric = await desks.metrics();
    counts.push(metric('stackwarden_ingest_reports_total'));
    const before = counts.at(-1 - CALM_SECONDS);
    const perSecond = before === undefined ? Infinity : ((counts.at(-1) ?? 0) - before) / CALM_SECONDS;
    const isThere = metric('stackwarden_ingest_connections') >= clients * MOST_OF_CLIENTS;
    // So much is in the air with a device each second of the minute; a backlog is far more.
    const isRead = metric('stackwarden_detect_lag_records') < rate * 2;
    if (isThere && isRead && perSecond > 0 && perSecond < rate * MOST_OF_RATE) return performance.now() - begin;
    if (performance.now() - begin > LONGEST_CATCH_UP_MS) throw new Error('the city did not come to real time');
    await pause(SAMPLE_EVERY_MS);
  }
}

interface Asked {
  readonly answersMs: ReadonlyMap<string, readonly number[]>;
  readonly refusals: readonly string[];
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Questions at a fixed pace: an answer that is late does not hold up the next question, and counts from its due time. */
async function askSteadily(desks: Desks, city: Scenario, endAt: number): Promise<Asked> {
  const newest = await desks.ask<{ items: { id: string }[] }>('/api/v1/findings?limit=100');
  const questionAt = createQuestions(
    city,
    newest.items.map(({ id }) => id),
  );
  const answersMs = new Map<string, number[]>();
  const refusals: string[] = [];
  const open = new Set<Promise<void>>();
  const begin = performance.now();
  for (
    let index = 0, dueAt = begin;
    dueAt < endAt;
    index += 1, dueAt = begin + (index * 1_000) / QUESTIONS_PER_SECOND
  ) {
    if (dueAt > performance.now()) await pause(dueAt - performance.now());
    const { about, path } = questionAt(index);
    const times = answersMs.get(about) ?? [];
    answersMs.set(about, times);
    const answered = desks.ask(path).then(
      () => void times.push(performance.now() - dueAt),
      (error: unknown) => void refusals.push(reasonOf(error)),
    );
    open.add(answered);
    void answered.finally(() => open.delete(answered));
  }
  await Promise.all(open);
  return { answersMs, refusals };
}

interface Sampled {
  readonly lagSeconds: readonly number[];
  readonly loopDelayMs: readonly number[];
}

async function sample(desks: Desks, endAt: number): Promise<Sampled> {
  const lagSeconds: number[] = [];
  const loopDelayMs: number[] = [];
  await desks.metrics();
  while (performance.now() < endAt) {
    await pause(SAMPLE_EVERY_MS);
    const metric = await desks.metrics();
    lagSeconds.push(metric('stackwarden_detect_oldest_unread_seconds'));
    // Each look at the metrics begins it anew.
    loopDelayMs.push(metric('stackwarden_nodejs_eventloop_lag_max_seconds') * 1_000);
  }
  return { lagSeconds, loopDelayMs };
}

interface Probed {
  readonly times: readonly ProbeTimes[];
  readonly lostProbes: readonly string[];
  readonly probeReports: number;
}

async function probeSteadily({ folder, server, probes }: RunningCity, lengthMs: number): Promise<Probed> {
  const probe = await Probe.connect(server, folder);
  const times: ProbeTimes[] = [];
  const lostProbes: string[] = [];
  const runs = Array.from({ length: probes }, async (_, index) => {
    await pause((index * lengthMs * PROBE_SHARE) / probes);
    try {
      times.push(await probe.run(index));
    } catch (error) {
      lostProbes.push(reasonOf(error));
    }
  });
  await Promise.all(runs);
  await probe.close();
  return { times, lostProbes, probeReports: probe.sent };
}

/** Time that all cores were at work, whoever for, ms. */
function machineCpuMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Counters and processor time, at one moment. */
async function meterReading(desks: Desks, { server, simulator }: RunningCity): Promise<Record<string, number>> {
  const metric = await desks.metrics();
  return {
    at: performance.now(),
    takenIn: metric('stackwarden_ingest_reports_total'),
    read: metric('stackwarden_detect_received_total'),
    dead: metric('stackwarden_detect_dead_letters_total'),
    unacknowledged: metric('stackwarden_ingest_unacknowledged_total'),
    serverCpuMs: server.process.cpuMs(),
    simulatorCpuMs: simulator.cpuMs(),
    watcherCpuMs: ownCpuMs(),
    machineCpuMs: machineCpuMs(),
  };
}

export async function watchCity(running: RunningCity, minutes: number): Promise<CityFigures> {
  const { city, folder, server, simulator } = running;
  const desks = new Desks(server.page, folder.deskKeys);
  const readers = await openReaders(server.page, folder.deskKeys, READERS);
  const lengthMs = minutes * 60_000;
  const before = await meterReading(desks, running);
  const endAt = performance.now() + lengthMs;
  const probing = probeSteadily(running, lengthMs);
  const [asked, sampled] = await Promise.all([askSteadily(desks, city, endAt), sample(desks, endAt)]);
  const after = await meterReading(desks, running);
  const { times, lostProbes, probeReports } = await probing;
  const alive = readers.filter((reader) => reader.ended() === undefined).length;
  const events = readers.map(({ counter }) => counter.events);
  for (const reader of readers) reader.close();
  const grown = (name: string): number => (after[name] ?? Number.NaN) - (before[name] ?? Number.NaN);
  const seconds = grown('at') / 1_000;
  const cores = (name: string): number => grown(name) / 1_000 / seconds;
  const [serverCores, simulatorCores, watcherCores] = [
    cores('serverCpuMs'),
    cores('simulatorCpuMs'),
    cores('watcherCpuMs'),
  ];
  return {
    ...asked,
    ...sampled,
    lostProbes,
    probeReports,
    seconds,
    sites: city.sites.length,
    devices: city.sites.reduce((sum, { devices }) => sum + devices.length, 0),
    naturalPerSecond: naturalRate(city),
    takenIn: grown('takenIn'),
    readByDetection: grown('read'),
    deadLetters: grown('dead'),
    unacknowledged: grown('unacknowledged'),
    readers: { opened: readers.length, alive, events },
    acknowledgedMs: times.map(({ acknowledgedMs }) => acknowledgedMs),
    readableMs: times.map(({ readableMs }) => readableMs),
    server: { cores: serverCores, peakMb: server.process.peakMb() },
    simulator: { cores: simulatorCores, peakMb: simulator.peakMb() },
    watcherCores,
    otherCores: Math.max(0, cores('machineCpuMs') - serverCores - simulatorCores - watcherCores),
  };
}
