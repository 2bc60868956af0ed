/** The servers that the settings name: each is asked beside the others, and none of them holds the doctor up. */
import { partitionsWithoutIntake } from '../../backends/kafka/intake-gaps.ts';
import { leaksOffsets } from '../../backends/kafka/known-leak.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { lookAtKafka, type Found, type KafkaFacts } from '../../backends/kafka/look/look-at-kafka.ts';
import { newestRegistry, type NewestRegistry } from '../../backends/kafka/look/newest-registry.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { topicName, topicPlans } from '../../backends/kafka/topics.ts';
import { lookAtInflux } from '../../backends/influx/look-at-influx.ts';
import { lookAtBroker } from '../../backends/mqtt/look-at-broker.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Config } from '../config.ts';
import { influxSettingsOf } from '../influx-settings-of.ts';
import { kafkaSettingsOf, topicTermsOf } from '../kafka-settings-of.ts';
import { clientTls } from '../read-tls.ts';
import { check, messageOf, type Check } from './check.ts';
import { backlogLine, detectLine, intakeLine, registryLine } from './flow-lines.ts';
import { influxLines } from './influx-lines.ts';
import { accessLine, brokersLine, kafkaClientLine, threadsLine, topicsLines } from './kafka-lines.ts';
import { sourceLine } from './source-line.ts';

/** Of what is asked of one server. */
const LIMIT_MS = 5_000;

export interface ServerLook {
  readonly config: Config;
  /** As the environment has it. */
  readonly threads: string | undefined;
  /** Told that something native did not come back: the process does not end by itself then. */
  readonly onHung: () => void;
}

/** What the client of Kafka says, or that it does not come back in time. */
function inTime<T>(work: Promise<T>, onHung: () => void): Promise<Found<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      onHung();
      resolve(new UnavailableError('Kafka does not answer in time'));
    }, LIMIT_MS);
    const end = (found: Found<T>): void => {
      clearTimeout(timer);
      resolve(found);
    };
    work.then(end, (error: unknown) => {
      end(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

async function client(transactions: boolean): Promise<{ readonly module: Found<KafkaModule>; readonly line: Check }> {
  try {
    const module = await loadClient();
    return { module, line: kafkaClientLine({ problem: undefined, leaks: transactions && leaksOffsets() }) };
  } catch (error) {
    const module = error instanceof Error ? error : new Error(String(error));
    return { module, line: kafkaClientLine({ problem: messageOf(error), leaks: false }) };
  }
}

interface ReadRecords {
  readonly registry: Found<NewestRegistry | undefined>;
  /** Partitions without a young tick. */
  readonly silent: Found<readonly number[]>;
}

/** What only the client itself reads: what is packed in records. Brokers that do not answer are not asked again. */
async function readRecords(
  module: Found<KafkaModule>,
  { settings, facts }: { readonly settings: KafkaSettings; readonly facts: KafkaFacts },
  onHung: () => void,
): Promise<ReadRecords> {
  const { cluster } = facts;
  if (module instanceof Error || cluster === undefined) {
    const why = new UnavailableError(cluster === undefined ? 'no broker answers' : 'the client is not there');
    return { registry: why, silent: why };
  }
  const answering = [...facts.brokers].flatMap(([name, why]) => (why === undefined ? [name] : []));
  const log = cluster.topics.get(topicName(settings, 'log'));
  const there: KafkaSettings = {
    ...settings,
    brokers: answering.join(','),
    partitions: log?.partitions.length ?? settings.partitions,
  };
  const hasShelf = cluster.topics.has(topicName(settings, 'registries'));
  const [registry, silent] = await Promise.all([
    hasShelf ? inTime(newestRegistry(module, there), onHung) : undefined,
    log === undefined ? [] : inTime(partitionsWithoutIntake({ module, settings: there }, Date.now()), onHung),
  ]);
  return { registry, silent };
}

function flowLines(facts: KafkaFacts, read: ReadRecords): readonly Check[] {
  if (facts.cluster === undefined) return [];
  const now = Date.now();
  // Nobody was here yet.
  if (facts.cluster.topics.size === 0) return [registryLine(read.registry, now)];
  return [
    registryLine(read.registry, now),
    intakeLine(facts, read.silent, now),
    detectLine(facts, now),
    backlogLine(facts, now),
  ];
}

async function kafkaChecks({ config, threads, onHung }: ServerLook): Promise<readonly Check[]> {
  const settings = kafkaSettingsOf(config);
  const terms = topicTermsOf(config);
  const plans = topicPlans(settings, terms);
  const names = plans.map(({ name }) => name);
  const [{ module, line }, facts] = await Promise.all([client(settings.transactions), lookAtKafka(settings, names)]);
  const read = await readRecords(module, { settings, facts }, onHung);
  const access = accessLine(settings.access);
  // Kafka's own tools need a file of their own for what our settings say.
  const bootstrap = access === undefined ? settings.brokers : `${settings.brokers} --command-config CLIENT.properties`;
  const planned = { plans, replicas: terms.replicas, bootstrap };
  return [
    line,
    threadsLine(threads),
    ...(access === undefined ? [] : [access]),
    brokersLine(facts, planned),
    ...topicsLines(facts, planned),
    ...flowLines(facts, read),
  ];
}

async function influxChecks(config: Config): Promise<readonly Check[]> {
  const settings = influxSettingsOf(config);
  return influxLines(await lookAtInflux(settings, LIMIT_MS), settings, config.retainSampleDays);
}

async function sourceChecks(config: Config): Promise<readonly Check[]> {
  const { source, sourceGroup, sourceConnections } = config;
  try {
    const { protocol, host } = new URL(source);
    const tls = clientTls(config);
    const facts = await lookAtBroker({ url: source, group: sourceGroup, tls, timeoutMs: LIMIT_MS });
    return [sourceLine(facts, `${protocol}//${host}`, sourceConnections)];
  } catch (error) {
    return [check('source', false, messageOf(error), 'correct source, tlsKey, tlsCert and tlsCa')];
  }
}

/** Lines about each server that the settings name, in at most 20 s whatever these do. */
export async function checkServers(look: ServerLook): Promise<readonly Check[]> {
  const { config } = look;
  const lines = await Promise.all([
    config.log === 'kafka' ? kafkaChecks(look) : [],
    config.series === 'influx' ? influxChecks(config) : [],
    config.source === 'endpoint' ? [] : sourceChecks(config),
  ]);
  return lines.flat();
}
