/** The topics: what is in them, how long it stays, and how they are divided. */
import type { KafkaSettings } from './kafka-settings.ts';

export const TOPIC_NAMES = [
  'log',
  'backlog',
  'registries',
  'credentials',
  'state',
  'outcomes',
  'samples',
  'findings',
  'series-dead',
] as const;
export type TopicName = (typeof TOPIC_NAMES)[number];

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  /** As the broker takes them. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicTerms {
  /** Days that the log is kept: the record of truth. */
  readonly logDays: number;
  /** Days that outcomes are kept: who comes new reads all of them. */
  readonly outcomeDays: number;
  /** Days that values are kept for writers of series that were away; older ones are made again from the log. */
  readonly sampleDays: number;
  readonly replicas: number;
}

const DAY_MS = 86_400_000;
/** What a store of series refused: looked at by people, when they have time. */
const SERIES_DEAD_DAYS = 365;
/** A registry's part, or a site's state, in one message. The broker's own default is 1 MiB. */
export const MOST_BYTES = 4 * 1024 * 1024;

function kept(days: number): Record<string, string> {
  return { 'cleanup.policy': 'delete', 'retention.ms': String(Math.round(days * DAY_MS)), 'retention.bytes': '-1' };
}

/** The newest of each key, for ever; what it replaced goes soon, since a start reads all of it. */
const COMPACTED = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.2',
  'segment.ms': '3600000',
  'segment.bytes': String(64 * 1024 * 1024),
  'max.compaction.lag.ms': '86400000',
};

export function topicName({ prefix }: KafkaSettings, name: TopicName): string {
  return `${prefix}${name}`;
}

/** Everything of one site, and of what holds for it, is in the same partition of each divided topic. */
export function topicPlans(
  settings: KafkaSettings,
  { logDays, outcomeDays, sampleDays, replicas }: TopicTerms,
): TopicPlan[] {
  const divided = settings.partitions;
  const size = { 'max.message.bytes': String(MOST_BYTES), 'message.timestamp.type': 'CreateTime' };
  const safe = { 'min.insync.replicas': String(Math.max(1, replicas - 1)), 'unclean.leader.election.enable': 'false' };
  const plan = (name: TopicName, partitions: number, config: Record<string, string>): TopicPlan => ({
    name: topicName(settings, name),
    partitions,
    config: { ...config, ...size, ...safe },
  });
  return [
    plan('log', divided, kept(logDays)),
    plan('backlog', divided, kept(logDays)),
    plan('registries', 1, COMPACTED),
    plan('credentials', 1, COMPACTED),
    plan('state', divided, COMPACTED),
    plan('outcomes', divided, kept(outcomeDays)),
    plan('samples', divided, kept(sampleDays)),
    plan('findings', divided, COMPACTED),
    plan('series-dead', 1, kept(SERIES_DEAD_DAYS)),
  ];
}
