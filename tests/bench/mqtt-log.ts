/**
 * How many reports a second the endpoint takes from MQTT into a log, and what they cost the server process.
 * The publishers run in a process of their own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../contracts/ports/log.ts';
import { startEndpoint } from '../../ingest/endpoint.ts';
import { smallRegistry } from '../support/small-registry.ts';
import type { PublisherTask } from './mqtt-publisher.ts';

export interface MqttLogOptions {
  /** Only `append` is used. */
  readonly log: Pick<Log, 'append'>;
  /** Connections, each of its own device. */
  readonly clients: number;
  /** Unacknowledged messages of one client. */
  readonly inFlight: number;
  readonly messages: number;
  /** Sent before measuring, so that the code is compiled. */
  readonly warmUp?: number;
}

export interface MqttLogFigures {
  readonly messages: number;
  readonly perSecond: number;
  /** Processor time of the server process in all its threads. */
  readonly cpuMsPerThousand: number;
  /** Growth of resident memory over the run, MiB. */
  readonly grownMiB: number;
}

/** As a stack monitor sends it each minute; about 240 bytes. */
const PAYLOAD =
  '{"ts":"2026-11-22T08:00:00+08:00","period":"PT1M","values":{"so2":12.3,"nox":31.4,"pm":3.1,"o2":9.8,' +
  '"flow":152000,"temp":92.1,"humidity":8.2,"pressure":-0.12,"velocity":11.7},"flags":{"so2":"M"},"seq":1234,"resent":false}';

const PUBLISHER = fileURLToPath(new URL('mqtt-publisher.ts', import.meta.url));

async function publish(task: PublisherTask): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const child = fork(PUBLISHER, [JSON.stringify(task)], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  child.send('go');
  await once(child, 'message');
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  if (child.exitCode === null) await once(child, 'exit');
  return { ms, cpuMs: (user + system) / 1_000 };
}

/** Rate and cost of {@link MqttLogOptions.messages} from all clients at once. */
export async function measureMqttLog(options: MqttLogOptions): Promise<MqttLogFigures> {
  const { clients, inFlight, log, warmUp = 20_000 } = options;
  const devices = Array.from({ length: clients }, (_, index) => `cems-${index}`);
  const registry = smallRegistry({ bench: devices });
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const endpoint = await startEndpoint({
    log,
    registry: () => registry,
    insecure: true,
    host: '127.0.0.1',
    port: 0,
    events: quiet,
    now: Date.now,
  });
  const task = (messages: number): PublisherTask => ({
    host: '127.0.0.1',
    port: endpoint.port,
    clients,
    inFlight,
    messages: Math.floor(messages / clients) * clients,
    topic: 'stackwarden/v1/bench/cems-{i}/report',
    payload: PAYLOAD,
  });
  await publish(task(warmUp));
  const before = process.memoryUsage.rss();
  const run = task(options.messages);
  const { ms, cpuMs } = await publish(run);
  const grownMiB = (process.memoryUsage.rss() - before) / 1_048_576;
  await endpoint.stop();
  return {
    messages: run.messages,
    perSecond: (run.messages * 1_000) / ms,
    cpuMsPerThousand: (cpuMs * 1_000) / run.messages,
    grownMiB,
  };
}

/** A log that forgets: what MQTT and the checks cost without any storage. */
export function forgetfulLog(): Pick<Log, 'append'> {
  let next = 0;
  return {
    append: (entries) => {
      const first = next;
      next += entries.length;
      return Promise.resolve(first);
    },
  };
}
