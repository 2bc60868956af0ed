/**
 * `npm run bench:city`: the whole city at real cadence for `--minutes N` (10), with 50 live readers, 20 questions a second
 * and probes that time a report on its way to its finding. Server and simulator are two processes; the data folder is made ready as an
 * operator would, every client and desk with its own credentials. `--sites N` takes a smaller city, `--scenario NAME`
 * another scenario. `--write` makes it a part of docs/benchmarks.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientUsers } from '../../simulators/play/clients.ts';
import { expectPart, measuredTable, printRows, writePart } from './benchmarks-page.ts';
import { cityRows, failuresOf, questionLines, type CityFigures, type CityGoals } from './city/city-figures.ts';
import { prepareFolder } from './city/city-folder.ts';
import { startServer, startSimulator } from './city/city-processes.ts';
import { cityText, loadCity } from './city/city-registry.ts';
import { untilRealTime, watchCity, type RunningCity } from './city/watch-city.ts';

const DESKS = 10;
const PROBES_PER_MINUTE = 12;
const MOST_PROBES = 300;
/** What a machine for some hundred sites is to have free for it, and one for a city. */
const GOALS: Readonly<Record<'sites' | 'city', CityGoals>> = { sites: { serverMb: 350 }, city: { serverMb: 1_000 } };
const SITES_OF_GOAL = 200;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    sites: { type: 'string' },
    scenario: { type: 'string', default: 'city' },
    write: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const part = values.sites === undefined ? values.scenario : `${values.scenario}-${values.sites}`;
if (values.write) expectPart(part);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function scenarioIn(folder: string): string {
  if (values.sites === undefined) return values.scenario;
  const path = join(folder, 'city.yaml');
  writeFileSync(path, cityText(Number(values.sites)));
  return path;
}

async function measure(running: RunningCity): Promise<CityFigures> {
  const caughtUpMs = await untilRealTime(running);
  const { server } = running;
  say(
    `at real time after ${(caughtUpMs / 1_000).toFixed(0)} s; server ${server.process.peakMb().toFixed(0)} MB at most`,
  );
  return watchCity(running, minutes);
}

async function run(folder: string): Promise<CityFigures> {
  const choice = { scenario: scenarioIn(folder), startAt: Date.now() };
  const city = loadCity(choice);
  const probes = Math.min(MOST_PROBES, Math.ceil(minutes * PROBES_PER_MINUTE));
  say(`${city.sites.length} sites: registry, credentials and keys`);
  const prepared = prepareFolder(folder, city, { desks: DESKS, probes });
  const server = await startServer(prepared);
  say(`ready after ${(server.readyAfterMs / 1_000).toFixed(1)} s`);
  const simulator = startSimulator(server, prepared, choice);
  const running = { city, folder: prepared, server, simulator, probes, clients: clientUsers(city).length };
  try {
    return await Promise.race([measure(running), server.process.watched(), simulator.watched()]);
  } finally {
    await simulator.stop();
    const begin = performance.now();
    const { exitCode, stderr } = await server.process.stop();
    say(`the server ended with ${exitCode} after ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
    const spoken = stderr.split('\n').filter((line) => line.startsWith('{'));
    if (spoken.length > 0) say(`it said ${spoken.length} things, such as ${spoken.slice(0, 3).join(' ')}`);
  }
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'stackwarden-city-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
const figures = await run(folder);
const goals = figures.sites <= SITES_OF_GOAL ? GOALS.sites : GOALS.city;
const rows = cityRows(figures, goals);
printRows(rows);
say(`questions, slowest first:\n${questionLines(figures).join('\n')}`);
const failures = failuresOf(figures);
for (const failure of failures.slice(0, 10)) say(`FAILED ${failure}`);
if (values.write && failures.length === 0) writePart(part, measuredTable(commandLine(), rows));
process.exitCode = failures.length === 0 ? 0 : 1;

function commandLine(): string {
  const options = ['--minutes', values.minutes, ...(values.sites === undefined ? [] : ['--sites', values.sites])];
  return `npm run bench:city -- ${options.join(' ')} --write`;
}
