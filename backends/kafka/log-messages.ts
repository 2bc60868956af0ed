/** Which message an entry of the log becomes, and in which partitions it stands. */
import { parseReportTopic } from '../../contracts/topics.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { traceOf } from '../../contracts/tracing.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { encodeRecord } from './record-wire.ts';
import { sitePartition } from './site-partition.ts';
import { topicName } from './topics.ts';
import { traceHeaders } from './trace-headers.ts';

/** Everybody's concern: in every partition or in none. */
const CONTROL: ReadonlySet<LogEntry['kind']> = new Set<LogEntry['kind']>(['registry', 'order', 'mark', 'redrive']);

export function isControl({ kind }: LogEntry): boolean {
  return CONTROL.has(kind);
}

/** The site that a topic names, also where the rest of it is wrong. */
const SITE_IN_TOPIC = /^stackwarden\/v1\/([a-z0-9][a-z0-9-]{0,62})\//;

function siteOfTopic(topic: string): string | undefined {
  return parseReportTopic(topic)?.site ?? SITE_IN_TOPIC.exec(topic)?.[1];
}

/** Of a report or a dead letter: what concerns everybody is not followed. */
function followed(entry: LogEntry): Pick<OutgoingMessage, 'headers'> {
  const context = traceOf(entry);
  return context === undefined ? {} : traceHeaders([context]);
}

function everywhere(settings: KafkaSettings, value: Buffer): OutgoingMessage[] {
  const topic = topicName(settings, 'log');
  return Array.from({ length: settings.partitions }, (_, partition) => ({ topic, partition, key: '', value }));
}

/**
 * A report goes to its site's partition, late ones in the lane beside; a dead letter to the partition of the site that
 * its topic names, or to one that its topic decides; everything else to all partitions.
 */
export function messagesOf(settings: KafkaSettings, entry: LogEntry): OutgoingMessage[] {
  const value = encodeRecord(entry);
  const { partitions } = settings;
  if (entry.kind === 'report') {
    const topic = topicName(settings, entry.isLate === true ? 'backlog' : 'log');
    return [{ topic, partition: sitePartition(entry.site, partitions), key: entry.site, value, ...followed(entry) }];
  }
  if (entry.kind !== 'dead') return everywhere(settings, value);
  const site = siteOfTopic(entry.topic);
  const partition = sitePartition(site ?? entry.topic, partitions);
  return [{ topic: topicName(settings, 'log'), partition, key: site ?? '', value, ...followed(entry) }];
}
