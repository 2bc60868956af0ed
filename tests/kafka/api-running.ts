/** An API stage of one test alone, on topics of its own, and a detector that tells what the test says. */
import { pino } from 'pino';
import { openDurableProducer, type OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import { encodeOutcomes, encodeSamples } from '../../backends/kafka/outcome-wire.ts';
import { encodeRecord } from '../../backends/kafka/record-wire.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { readConfig } from '../../cli/config.ts';
import { startApiStage, type ApiStage, type ApiStageOptions } from '../../cli/stages/api-stage.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

export interface ApiRunner {
  readonly topics: OwnTopics;
  /** Tells of a stretch of a partition as its detector does. */
  tell(partition: number, from: number, commit: DetectionCommit): Promise<void>;
  /** Sends messages of `outcomes` as they are. */
  send(messages: readonly { readonly partition: number; readonly value: Buffer }[]): Promise<void>;
  /** So that the log of a partition reaches as far. */
  fillLog(partition: number, next: number): Promise<void>;
  newFolder(): string;
  start(folder: string, options?: Partial<ApiStageOptions>): Promise<ApiStage>;
  /** Ends everything, the newest first. */
  end(): Promise<void>;
}

export async function prepareApi(brokers: string, through = brokers): Promise<ApiRunner> {
  const topics = await makeOwnTopics(brokers, through);
  const { module, settings } = topics;
  const ends: (() => Promise<unknown>)[] = [];
  const producer = await openDurableProducer(module, { ...settings, brokers }, 'test');
  ends.push(() => producer.close());
  const message = (name: 'outcomes' | 'samples', partition: number) => (value: Buffer) => ({
    topic: topicName(settings, name),
    partition,
    key: '',
    value,
  });
  const logged = new Map<number, number>();
  /** Of what is not there nothing can be told. */
  const missing = (partition: number, next: number): readonly OutgoingMessage[] => {
    const from = logged.get(partition) ?? 0;
    logged.set(partition, Math.max(from, next));
    const value = encodeRecord({ kind: 'tick', received: Date.now() });
    const topic = topicName(settings, 'log');
    return Array.from({ length: Math.max(0, next - from) }, () => ({ topic, partition, key: '', value }));
  };
  return {
    topics,
    tell: (partition, from, commit) =>
      producer.send([
        ...missing(partition, commit.nextOffset),
        ...encodeSamples(commit.samples).map(message('samples', partition)),
        ...encodeOutcomes(from, commit).map(message('outcomes', partition)),
      ]),
    send: (messages) => producer.send(messages.map(({ partition, value }) => message('outcomes', partition)(value))),
    fillLog: (partition, next) => producer.send(missing(partition, next)),
    newFolder() {
      const { folder, remove } = temporaryFolder();
      ends.push(async () => {
        remove();
      });
      return folder;
    },
    async start(folder, options = {}) {
      const flags = {
        data: folder,
        http: 0,
        insecure: true,
        log: 'kafka',
        kafkaBrokers: through,
        kafkaPrefix: settings.prefix,
        kafkaPartitions: settings.partitions,
      } as const;
      const stage = await startApiStage({
        config: readConfig(flags, {}),
        logger: pino({ level: 'silent' }),
        ...options,
      });
      let isStopped = false;
      const stop = async (): Promise<void> => {
        if (isStopped) return;
        isStopped = true;
        await stage.stop();
      };
      ends.push(stop);
      return { ...stage, stop };
    },
    async end() {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}

/** The body of an answer. */
export async function read(stage: ApiStage, path: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(new URL(path, stage.http.url), { headers });
  return response.json();
}

export async function statusOf(stage: ApiStage, path: string): Promise<number> {
  const response = await fetch(new URL(path, stage.http.url));
  await response.arrayBuffer();
  return response.status;
}

export const isReady = async (stage: ApiStage): Promise<boolean> => (await statusOf(stage, '/health/ready')) === 200;

export interface Items {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}
