/** The commands that are one stage each, for production on Kafka. */
import { InvalidArgumentError, type Command } from 'commander';
import { parseInstant } from '../contracts/time/instant.ts';
import { askedToEnd } from './asked-to-end.ts';
import { configOf, parsePort, type Done } from './command-options.ts';
import type { StageOptions, StageStreams } from './stages/run-stage.ts';

function stage(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--config <file>', 'configuration file')
    .option('--http <port>', 'port for health and metrics (8080; 0 = any free one)', parsePort)
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--json', 'one line of JSON when ready', false);
}

type RunStage = (command: StageOptions, streams: StageStreams) => Promise<number>;

/** A stage is loaded when it is asked for: whoever asks for another command needs nothing of it. */
function runs(done: Done, load: () => Promise<RunStage>): (options: Record<string, unknown>) => Promise<void> {
  return async (options) => {
    const run = await load();
    const command = { config: configOf(options), json: options['json'] === true, ended: askedToEnd() };
    done(await run(command, { out: process.stdout, err: process.stderr }));
  };
}

function addIngest(program: Command, done: Done): void {
  stage(program, 'ingest', 'takes in reports from devices, or from a broker, into the log on Kafka; any number of them')
    .option('--mqtt <port>', 'port for devices (1883; 0 = any free one)', parsePort)
    .option('--source <url>', 'instead: mqtt(s):// URL of a broker to subscribe to')
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate, PEM')
    .option('--tls-ca <file>', 'authority of the device certificates, PEM')
    .option('--insecure', 'devices need no credentials; loopback only')
    .action(runs(done, async () => (await import('./commands/ingest.ts')).runIngest));
}

function addDetect(program: Command, done: Done): void {
  stage(program, 'detect', 'checks the log on Kafka; several share its partitions').action(
    runs(done, async () => (await import('./commands/detect.ts')).runDetect),
  );
}

function addApi(program: Command, done: Done): void {
  stage(program, 'api', 'what was found, over HTTP; each process keeps a copy of its own')
    .option('--data <dir>', 'folder of the copy; a cache of what stands in Kafka')
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate, PEM')
    .option('--insecure', 'devices and readers need no credentials; loopback only')
    .action(runs(done, async () => (await import('./commands/api.ts')).runApi));
}

function addSeries(program: Command, done: Done): void {
  stage(program, 'series', 'writes what detection on Kafka made into InfluxDB; several share the partitions').action(
    runs(done, async () => (await import('./commands/series.ts')).runSeries),
  );
}

function toInstant(text: string): number {
  const at = parseInstant(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('expected RFC 3339 with offset, as 2026-11-22T00:00:00+08:00');
  return at;
}

function addRebuild(program: Command, done: Done): void {
  program
    .command('rebuild')
    .description('makes anew what can be made from the log')
    .command('series')
    .description(
      'writes values, means and findings of the whole log into a bucket of InfluxDB, and changes nothing else',
    )
    .option('--config <file>', 'configuration file')
    .option('--bucket <name>', 'bucket to write to, instead of influxBucket')
    .option('--from <instant>', 'writes only what begins then or later', toInstant)
    .option('--to <instant>', 'writes only what begins before then', toInstant)
    .option('--json', 'one line of JSON at the end', false)
    .action(async ({ from, to, bucket, json, ...options }: RebuildOptions) => {
      const { runRebuildSeries } = await import('./commands/rebuild-series.ts');
      const range = { fromAt: from ?? Number.NEGATIVE_INFINITY, toAt: to ?? Number.POSITIVE_INFINITY };
      const config = configOf({ ...options, ...(bucket === undefined ? {} : { influxBucket: bucket }) });
      done(await runRebuildSeries({ config, json, ...range }, { out: process.stdout, err: process.stderr }));
    });
}

interface RebuildOptions {
  readonly config?: string;
  readonly bucket?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json: boolean;
}

export function addStageCommands(program: Command, done: Done): void {
  addIngest(program, done);
  addDetect(program, done);
  addApi(program, done);
  addSeries(program, done);
  addRebuild(program, done);
}
