/** What was seen of Kafka's brokers and topics, as lines: what is not as planned is named with what sets it. */
import { AccessError } from '../../backends/kafka/access-error.ts';
import type { KafkaAccess } from '../../backends/kafka/kafka-settings.ts';
import type { KafkaFacts } from '../../backends/kafka/look/look-at-kafka.ts';
import type { FoundTopic, TopicConfig } from '../../backends/kafka/look/cluster.ts';
import type { TopicPlan } from '../../backends/kafka/topics.ts';
import { check, type Check } from './check.ts';

export interface Planned {
  readonly plans: readonly TopicPlan[];
  readonly replicas: number;
  /** As in `--bootstrap-server`. */
  readonly bootstrap: string;
}

/** The rest of a topic's plan is how it is tidied up, which harms nobody when it is done otherwise. */
const COMPARED: ReadonlySet<string> = new Set([
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'min.insync.replicas',
  'max.message.bytes',
  'message.timestamp.type',
  'unclean.leader.election.enable',
]);

export function kafkaClientLine(client: { readonly problem: string | undefined; readonly leaks: boolean }): Check {
  const { problem, leaks } = client;
  if (problem !== undefined)
    return check('client', false, problem, 'build it once: `npm run build:kafka` (3 to 5 minutes)');
  const detail = leaks
    ? 'node-rdkafka is there, in a build that loses memory with each transaction: detectors are started anew about every other day'
    : 'node-rdkafka is there, and loses no memory';
  return check('client', !leaks, detail, '`npm run build:kafka` compiles it with the missing line');
}

/** @param size of the pool that waits for Kafka, as the environment says it; absent = Node's own, 4 */
export function threadsLine(size: string | undefined): Check {
  const threads = size === undefined || size.trim() === '' ? 4 : Number(size);
  const shown = size === undefined ? 'is not set in this environment: 4 threads' : `is ${size} in this environment`;
  const remedy = 'start each stage, and this command, with UV_THREADPOOL_SIZE=16: fewer threads wait for each other';
  return check('threads', threads >= 8, `UV_THREADPOOL_SIZE ${shown}`, remedy);
}

function troubleLine(away: readonly Error[], asked: number): Check {
  const refused = away.filter((trouble) => trouble instanceof AccessError);
  const named = away.map(({ message }) => message).join('; ');
  const what = refused.length === 0 ? 'do not answer' : 'cannot be used';
  const detail = `${String(away.length)} of ${String(asked)} ${what}: ${named}`;
  const remedies = [
    ...refused.map(({ remedy }) => remedy),
    ...(refused.length < away.length || away.length === 0
      ? [
          'start it, or correct kafkaBrokers; where the settings do not name it, advertised.listeners of the broker does',
        ]
      : []),
  ];
  const all = [...new Set(remedies)].join('; ');
  return check('brokers', false, asked === 0 ? 'kafkaBrokers names none' : detail, all);
}

/** What is open to whoever listens on the way; undefined where neither TLS nor a login is set. */
export function accessLine(access: KafkaAccess | undefined): Check | undefined {
  if (access === undefined) return undefined;
  const { tls, login } = access;
  const way = tls === undefined ? 'in plain text' : 'by TLS';
  const who = login === undefined ? 'without a login' : `as ${login.user} (${login.mechanism})`;
  const isSaid = tls === undefined && login?.mechanism === 'PLAIN';
  const detail = `to Kafka ${way}, ${who}${isSaid ? ': whoever listens on the way reads the password' : ''}`;
  const remedy = 'set kafkaTls: true and name a listener with TLS in kafkaBrokers, or log in by scram-sha-512';
  return check('access', !isSaid, detail, remedy);
}

export function brokersLine({ brokers, cluster }: KafkaFacts, { replicas }: Planned): Check {
  const away = [...brokers.values()].filter((trouble) => trouble !== undefined);
  const number = cluster?.brokers.size ?? 0;
  if (away.length > 0 || cluster === undefined) return troubleLine(away, brokers.size);
  const all = `${String(number)} in the cluster, ${[...brokers.keys()].join(', ')}`;
  if (number < replicas) {
    const remedy = `set kafkaReplicas to ${String(number)} before the topics are made, or start more brokers`;
    return check('brokers', false, `${all}: fewer than kafkaReplicas (${String(replicas)})`, remedy);
  }
  const wanted = Math.min(3, number);
  const isAlone = replicas === 1 && number > 1;
  const detail = isAlone ? `${all}, and kafkaReplicas is 1: a broker that is lost takes what it has with it` : all;
  return check(
    'brokers',
    !isAlone,
    detail,
    `set kafkaReplicas to ${String(wanted)}, and copy the topics that are there`,
  );
}

/** The command that gives a topic its planned settings. */
function configLine(plan: TopicPlan, found: TopicConfig, bootstrap: string): Check | undefined {
  const differing = Object.entries(plan.config).filter(
    ([key, value]) => COMPARED.has(key) && (found.get(key) ?? value) !== value,
  );
  const unsaid = Object.keys(plan.config).filter((key) => COMPARED.has(key) && !found.has(key));
  const parts = [
    ...differing.map(([key, value]) => `${key} is ${found.get(key) ?? ''}, planned ${value}`),
    ...(unsaid.length === 0 ? [] : [`the broker does not say ${unsaid.join(', ')}`]),
  ];
  if (parts.length === 0) return undefined;
  const sets = (differing.length === 0 ? unsaid.map((key) => [key, plan.config[key] ?? ''] as const) : differing)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const remedy =
    `kafka-configs.sh --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${plan.name} ` +
    `--add-config ${sets}`;
  return check('topic', false, `${plan.name}: ${parts.join('; ')}`, remedy);
}

function partitionsLine({ name, partitions }: TopicPlan, found: FoundTopic): Check | undefined {
  const there = found.partitions.length;
  if (there === partitions) return undefined;
  const detail = `${name} has ${String(there)} partitions, planned ${String(partitions)}`;
  const remedy =
    `set kafkaPartitions to what the topics were made with, or use another kafkaPrefix; never add partitions ` +
    '(kafka-topics.sh --alter): sites would be looked for in the wrong one';
  return check('topic', false, detail, remedy);
}

function copiesLine(
  { name }: TopicPlan,
  { partitions }: FoundTopic,
  { replicas, bootstrap }: Planned,
): Check | undefined {
  const numbers = (those: typeof partitions): string => those.map(({ partition }) => String(partition)).join(', ');
  const headless = partitions.filter(({ leader }) => leader < 0);
  const behind = partitions.filter(({ replicas: all, inSync }) => inSync < all);
  const other = partitions.filter(({ replicas: all }) => all !== replicas);
  if (headless.length > 0)
    return check(
      'topic',
      false,
      `${name}: no broker leads partition ${numbers(headless)}`,
      'start the brokers that have it',
    );
  if (behind.length > 0) {
    const remedy = `start the broker that is behind; kafka-topics.sh --bootstrap-server ${bootstrap} --describe --topic ${name} names it`;
    return check('topic', false, `${name}: not all copies of partition ${numbers(behind)} are in sync`, remedy);
  }
  if (other.length === 0) return undefined;
  const remedy =
    `set kafkaReplicas to what is there, or change the copies: kafka-reassign-partitions.sh --bootstrap-server ` +
    `${bootstrap} --reassignment-json-file FILE --execute`;
  const copies = [...new Set(other.map((one) => one.replicas))].join(' or ');
  return check('topic', false, `${name} has ${copies} copies, kafkaReplicas is ${String(replicas)}`, remedy);
}

function topicLines(plan: TopicPlan, facts: KafkaFacts, planned: Planned): readonly Check[] {
  const found = facts.cluster?.topics.get(plan.name);
  if (found === undefined) {
    const remedy = 'the next start of a stage makes it; what was in it is gone, so look who deleted it';
    return [check('topic', false, `${plan.name} is not there, and others are`, remedy)];
  }
  const config = facts.configs instanceof Error ? undefined : facts.configs.get(plan.name);
  const lines = [
    partitionsLine(plan, found),
    copiesLine(plan, found, planned),
    config === undefined ? undefined : configLine(plan, config, planned.bootstrap),
  ];
  return lines.filter((line) => line !== undefined);
}

export function topicsLines(facts: KafkaFacts, planned: Planned): readonly Check[] {
  const { cluster, configs } = facts;
  const { plans, replicas } = planned;
  if (cluster === undefined) return [check('topics', false, 'not looked at: no broker answers', 'see brokers')];
  const number = plans.filter(({ name }) => cluster.topics.has(name)).length;
  if (number === 0) return [check('topics', true, 'not there yet; the first start of a stage makes them', '')];
  const wrong = plans.flatMap((plan) => topicLines(plan, facts, planned));
  const unknown =
    configs instanceof Error
      ? [
          check(
            'topics',
            false,
            `their settings were not looked at: ${configs.message}`,
            'allow this client to describe configurations, or look yourself: kafka-configs.sh --describe',
          ),
        ]
      : [];
  if (wrong.length + unknown.length > 0) return [...wrong, ...unknown];
  const divided = Math.max(...plans.map(({ partitions }) => partitions));
  const copies = replicas === 1 ? 'one copy' : `${String(replicas)} copies`;
  return [
    check('topics', true, `${String(number)} as planned, up to ${String(divided)} partitions, ${copies} of each`, ''),
  ];
}
