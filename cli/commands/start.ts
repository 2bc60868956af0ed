/** `stackwarden start`: everything in one process. */
import { pino, type Logger } from 'pino';
import { ConfigError } from '../../contracts/errors.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import type { Config } from '../config.ts';
import { startEmbedded, type Embedded } from '../embedded.ts';
import { EXIT } from '../exit-code.ts';
import { boundHeapGrowth } from '../heap-growth.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { LOCAL_KEY_NAME } from '../running-server.ts';
import { dataFolder, startPlants, type SimulatedPlants } from '../simulated-plants.ts';

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

async function watchPlants({ simulator }: SimulatedPlants, streams: StartStreams): Promise<void> {
  await simulator.delivered;
  streams.err.write('demo  the plants have sent what they had stored and go on live\n');
}

async function registryToImport(
  config: Config,
  plants: SimulatedPlants | undefined,
): Promise<{ registryFiles?: readonly RegistryText[] }> {
  if (config.registry !== undefined) return { registryFiles: await loadRegistryFiles(config.registry) };
  if (plants === undefined) return {};
  return { registryFiles: [{ name: `${config.scenario ?? 'demo'}.yaml`, text: plants.simulator.registry }] };
}

/** Resolves when the end is asked for: with nothing, or with what failed. */
function untilEnd(
  command: StartCommand,
  embedded: Embedded,
  plants: SimulatedPlants | undefined,
): Promise<Error | undefined> {
  const ends: Promise<Error | undefined>[] = [command.ended.then(() => undefined), embedded.failed];
  if (plants !== undefined) ends.push(plants.simulator.ended);
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

async function runWith(
  plants: SimulatedPlants | undefined,
  at: { command: StartCommand; folder: string; streams: StartStreams; logger: Logger },
): Promise<void> {
  const { command, folder, streams, logger } = at;
  const { config } = command;
  const embedded = await startEmbedded({ config, folder, logger, ...(await registryToImport(config, plants)) });
  const key = await firstKey(embedded, config);
  announce(embedded, { command, folder, key, streams });
  plants?.go(embedded.mqtt.url);
  if (plants !== undefined) void watchPlants(plants, streams);
  const failure = await untilEnd(command, embedded, plants);
  await plants?.stop();
  await stopEmbedded(embedded, failure);
}

/** Beside a log on Kafka it would quietly begin another one. */
function expectEmbedded({ log }: Config): void {
  if (log !== 'sqlite')
    throw new ConfigError([`log: ${log} is for the stages (ingest, detect, api, series): start has its log in a file`]);
}

/** Runs until it is asked to end. @returns the exit code; @throws ConfigError where the log is not embedded */
export async function runStart(command: StartCommand, streams: StartStreams): Promise<number> {
  const { config } = command;
  expectEmbedded(config);
  boundHeapGrowth();
  const folder = dataFolder(config);
  const logger = pino({ level: process.env['STACKWARDEN_TEST_LOG_LEVEL'] ?? 'warn' }, pino.destination(2));
  const plants = await startPlants(config, folder, logger);
  try {
    await runWith(plants, { command, folder, streams, logger });
  } finally {
    await plants?.simulator.stop();
  }
  return EXIT.done;
}
