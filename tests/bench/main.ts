/**
 * `npm run bench`: replay, MQTT to the log, MQTT to findings, each beside its bare parts. Prints a table; with
 * `--write` it becomes a part of docs/benchmarks.md. `--quick` is a tenth of the work.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreThread } from '../../backends/sqlite/store-thread.ts';
import { measureBareParts } from './bare-parts.ts';
import { expectPart, measuredTable, printRows, writePart, type Row } from './benchmarks-page.ts';
import { benchEmbedded } from './embedded-bench.ts';
import { forgetfulLog, measureMqttLog } from './mqtt-log.ts';
import { benchRegistry } from './registry.ts';
import {
  measureAppends,
  measureBareInsert,
  measureBareSamples,
  measureSamples,
  measureSeries,
  measureStoreThread,
  type StoreFigures,
} from './sqlite.ts';
import { benchReplay } from './replay-bench.ts';
import { workloadRegistry, writeWorkload } from './workload.ts';

/** Its part of docs/benchmarks.md. */
const PART = 'bench';
const isToWrite = process.argv.includes('--write');
if (isToWrite) expectPart(PART);
const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-'));

function number(value: number, decimals = 1): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toFixed(decimals);
}

async function replayRows(): Promise<Row[]> {
  const workload = { sites: quick ? 20 : 200, hours: 6 };
  const registry = join(folder, 'registry.json');
  writeFileSync(registry, workloadRegistry(workload));
  const reports = join(folder, 'reports.ndjson');
  const twice = join(folder, 'twice.ndjson');
  const count = await writeWorkload(workload, reports);
  const twiceCount = await writeWorkload({ ...workload, hours: workload.hours * 2 }, twice);
  const bare = measureBareParts(reports, folder);
  const figures = await benchReplay(
    { registry, reports, count },
    { registry, reports: twice, count: twiceCount },
    quick ? 1 : 3,
  );
  return [
    { what: 'bare: `JSON.parse`', figure: `${number(bare.jsonParseMs, 2)} ms CPU per 1,000`, goal: '' },
    { what: 'bare: parse and date', figure: `${number(bare.parseAndDateMs, 2)} ms CPU per 1,000`, goal: '' },
    {
      what: 'bare: SQLite FULL, 1,000 rows a transaction',
      figure: `${number(bare.sqliteInsertMs, 2)} ms CPU per 1,000`,
      goal: '',
    },
    {
      what: `replay, ${number(count)} reports, warm`,
      figure: `${number(figures.warmCpuMsPerThousand, 2)} ms CPU per 1,000 (${number(figures.warmCpuMsPerThousand / bare.jsonParseMs)} × \`JSON.parse\`)`,
      goal: '≤ 11 ms',
    },
    {
      what: 'replay, whole cold process',
      figure: `${number(figures.coldCpuSeconds, 2)} s CPU, ${number(figures.perSecond)} reports/s, ${number(figures.peakMiB, 0)} MiB at most`,
      goal: '≤ 5 s CPU, ≥ 85,000/s',
    },
  ];
}

async function storeRows(): Promise<Row[]> {
  const count = quick ? 50_000 : 300_000;
  const bareInsert = await measureBareInsert(count);
  const log = await measureAppends(count);
  const thread = await measureStoreThread(count);
  const bareSamples = await measureBareSamples(quick ? 20 : 60);
  const samples = await measureSamples(quick ? 20 : 60);
  const series = await measureSeries(quick ? 50 : 200);
  const show = ({ cpuMsPerThousand, perSecond }: StoreFigures): string =>
    `${number(cpuMsPerThousand, 2)} ms CPU per 1,000, ${number(perSecond)}/s`;
  return [
    { what: 'bare: SQLite, a row each with its site index', figure: show(bareInsert), goal: '' },
    { what: 'log append, 1,000 a transaction', figure: show(log), goal: '' },
    { what: 'log append through the store’s thread, one report a call', figure: show(thread), goal: '' },
    { what: 'bare: samples as rows of SQLite', figure: show(bareSamples), goal: '' },
    { what: 'samples as we keep them', figure: show(samples), goal: '' },
    {
      what: '30 days of one signal rolled up to 1,000 points',
      figure: `p50 ${number(series.p50Ms)} ms, p99 ${number(series.p99Ms)} ms`,
      goal: 'p99 ≤ 150 ms',
    },
  ];
}

async function mqttRows(): Promise<Row[]> {
  const messages = quick ? 50_000 : 400_000;
  const bare = await measureMqttLog({ log: forgetfulLog(), clients: 100, inFlight: 20, messages });
  const store = await StoreThread.start({ folder: join(folder, 'log') });
  const durable = await measureMqttLog({ log: store, clients: 100, inFlight: 20, messages });
  await store.close();
  return [
    {
      what: 'MQTT QoS 1, checked, without storage',
      figure: `${number(bare.perSecond)}/s, ${number(bare.cpuMsPerThousand)} ms CPU per 1,000`,
      goal: '',
    },
    {
      what: 'MQTT QoS 1 → durable log, PUBACK after the commit',
      figure: `${number(durable.perSecond)}/s, ${number(durable.cpuMsPerThousand)} ms CPU per 1,000`,
      goal: '≥ 15,000/s, ≤ 40 ms',
    },
  ];
}

async function embeddedRows(): Promise<Row[]> {
  const workload = { sites: quick ? 20 : 200, hours: 6 };
  const registry = join(folder, 'registry.json');
  const figures = await benchEmbedded(registry, workload);
  return [
    { what: 'start to ready', figure: `${number(figures.startMs, 0)} ms`, goal: '≤ 3 s' },
    {
      what: `MQTT → log → all rules → series, ${number(figures.reports)} reports`,
      figure: `${number(figures.findingPerSecond)}/s with nothing lagging (acknowledged at ${number(figures.logPerSecond)}/s)`,
      goal: '≥ 8,000/s',
    },
    {
      what: 'the same, whole process',
      figure: `${number(figures.cpuMsPerThousand)} ms CPU per 1,000, ${number(figures.peakMiB, 0)} MiB at most`,
      goal: '≤ 350 MB',
    },
  ];
}

async function registryRows(): Promise<Row[]> {
  const figures = await benchRegistry(quick ? 1_000 : 10_000);
  return Object.entries(figures)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => ({ what: `registry: ${name}`, figure: number(value, 2), goal: '' }));
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const rows = [
  ...(await replayRows()),
  ...(await storeRows()),
  ...(await mqttRows()),
  ...(await embeddedRows()),
  ...(await registryRows()),
];
rmSync(folder, { recursive: true, force: true });
printRows(rows);
if (isToWrite) writePart(PART, measuredTable('npm run bench -- --write', rows));
