/** `stackwarden start`: everything in one process. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import type { Config } from '../config.ts';
import { startEmbedded, type Embedded } from '../embedded.ts';
import { EXIT } from '../exit-code.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { LOCAL_KEY_NAME } from '../running-server.ts';
import { readDemoScenario } from '../../simulators/read-scenario-file.ts';
import { scenarioRegistry } from '../../simulators/registry-text.ts';
import type { Scenario } from '../../simulators/scenario.ts';
import { startSimulation, type Simulation } from '../../simulators/start-simulation.ts';

export interface StartStreams {
  readonly out: { write(text: string): void };
  readonly err: { write(text: string): void };
}

export interface StartCommand {
  readonly config: Config;
  /** One line of JSON when ready. */
  readonly json: boolean;
  /** Resolves when the process is asked to end. */
  readonly ended: Promise<void>;
}

/** The demo's plants keep their history over a restart: their time begins once for a folder. */
function demoScenario(folder: string): { scenario: Scenario; lastRunAt: number | undefined } {
  const path = join(folder, 'demo.json');
  if (existsSync(path)) {
    const saved = JSON.parse(readFileSync(path, 'utf8')) as { startAt: number; lastRunAt?: number };
    return { scenario: readDemoScenario({ startAt: saved.startAt }), lastRunAt: saved.lastRunAt };
  }
  const scenario = readDemoScenario({ startAt: Date.now() });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify({ startAt: scenario.startAt }), { mode: 0o600 });
  return { scenario, lastRunAt: undefined };
}

function rememberRun(folder: string, startAt: number): void {
  writeFileSync(join(folder, 'demo.json'), JSON.stringify({ startAt, lastRunAt: Date.now() }), { mode: 0o600 });
}

async function firstKey({ store }: Embedded, config: Config): Promise<string | undefined> {
  if (config.insecure || config.demo) return undefined;
  const keys = await store.credentials.listKeys();
  if (keys.some((key) => key.revokedAt === undefined && key.name !== LOCAL_KEY_NAME)) return undefined;
  return (await store.credentials.addKey('first', 'admin')).secret;
}

function announce(
  embedded: Embedded,
  at: { command: StartCommand; folder: string; key: string | undefined; streams: StartStreams },
): void {
  const { http, mqtt } = embedded;
  const { command, folder, key, streams } = at;
  if (command.json) {
    const line = {
      ready: true,
      page: http.url,
      http: http.port,
      mqtt: mqtt.port,
      mqttUrl: mqtt.url,
      data: folder,
      ...(key === undefined ? {} : { key }),
    };
    streams.out.write(`${JSON.stringify(line)}\n`);
    return;
  }
  streams.out.write(`page  ${http.url}\nmqtt  ${mqtt.url}\ndata  ${folder}\n`);
  if (key !== undefined) streams.out.write(`key   ${key}   (admin; shown only now, keep it)\n`);
  if (command.config.demo)
    streams.out.write(
      'demo  simulated plants publish over MQTT; findings appear within a minute. No keys are needed on this machine.\n',
    );
  else if (command.config.insecure) streams.out.write('open  no credentials are needed on this machine (--insecure)\n');
}

async function watchDemo(simulation: Simulation, streams: StartStreams, logger: Logger): Promise<void> {
  await simulation.backlogDelivered;
  logger.debug(simulation.stats(), 'simulate.backlog.delivered');
  streams.err.write('demo  the plants have sent what they had stored and go on live\n');
}

type Demo = ReturnType<typeof demoScenario>;

async function registryToImport(
  config: Config,
  demo: Demo | undefined,
): Promise<{ registryFiles?: readonly RegistryText[] }> {
  if (config.registry !== undefined) return { registryFiles: await loadRegistryFiles(config.registry) };
  return demo === undefined ? {} : { registryFiles: [{ name: 'demo.yaml', text: scenarioRegistry(demo.scenario) }] };
}

function simulate(demo: Demo | undefined, embedded: Embedded, logger: Logger): Simulation | undefined {
  if (demo === undefined) return undefined;
  const from = demo.lastRunAt === undefined ? {} : { backlogFromAt: demo.lastRunAt };
  return startSimulation({ scenario: demo.scenario, url: embedded.mqtt.url, now: Date.now, logger, ...from });
}

/** Resolves when the end is asked for: with nothing, or with what failed. */
function untilEnd(
  command: StartCommand,
  embedded: Embedded,
  simulation: Simulation | undefined,
): Promise<Error | undefined> {
  const ends: Promise<Error | undefined>[] = [command.ended.then(() => undefined), embedded.failed];
  if (simulation !== undefined) ends.push(simulation.ended.then(() => undefined));
  return Promise.race(ends);
}

async function stopEmbedded(embedded: Embedded, failure: Error | undefined): Promise<void> {
  try {
    await embedded.stop();
  } catch (error) {
    // What ended it says more than what could not be closed after that.
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

/** Runs until it is asked to end. @returns the exit code */
export async function runStart(command: StartCommand, streams: StartStreams): Promise<number> {
  const { config } = command;
  const folder = resolve(config.demo && config.data === 'data' ? join('data', 'demo') : config.data);
  const logger = pino({ level: process.env['STACKWARDEN_TEST_LOG_LEVEL'] ?? 'warn' }, pino.destination(2));
  const demo = config.demo ? demoScenario(folder) : undefined;
  const embedded = await startEmbedded({ config, folder, logger, ...(await registryToImport(config, demo)) });
  const key = await firstKey(embedded, config);
  announce(embedded, { command, folder, key, streams });
  const simulation = simulate(demo, embedded, logger);
  if (simulation !== undefined) void watchDemo(simulation, streams, logger);
  const failure = await untilEnd(command, embedded, simulation);
  await simulation?.stop();
  if (demo !== undefined) rememberRun(folder, demo.scenario.startAt);
  await stopEmbedded(embedded, failure);
  return EXIT.done;
}
