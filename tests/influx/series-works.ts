/** A log that was detected on a real Kafka, and the stage that writes it into a bucket. */
import { pino } from 'pino';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import type { DetectGroup } from '../../backends/kafka/detect-group.ts';
import { readRange, watermarks } from '../../backends/kafka/read-range.ts';
import { settle } from '../../backends/kafka/settle.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { runRebuildSeries } from '../../cli/commands/rebuild-series.ts';
import { readConfig, type Config } from '../../cli/config.ts';
import type { RunningStage } from '../../cli/stages/run-stage.ts';
import { startSeriesStage } from '../../cli/stages/series-stage.ts';
import { recordsOf, type TestLog } from '../kafka/detecting.ts';

export function configFor({ settings }: TestLog, influx: InfluxSettings): Config {
  const kafka = {
    log: 'kafka',
    kafkaBrokers: settings.brokers,
    kafkaPrefix: settings.prefix,
    kafkaPartitions: settings.partitions,
  } as const;
  const series = {
    series: 'influx',
    influxUrl: influx.url,
    influxOrg: influx.organisation,
    influxBucket: influx.bucket,
    influxToken: influx.token,
  } as const;
  return readConfig({ ...kafka, ...series, http: 0 }, {});
}

/** Whether every partition is owned by these, and worked on to its last record. */
export async function isDetected(log: TestLog, groups: readonly DetectGroup[]): Promise<boolean> {
  const places = groups.flatMap((group) => group.partitions());
  for (let partition = 0; partition < log.settings.partitions; partition += 1) {
    const end = ((await recordsOf(log, partition)).at(-1)?.offset ?? -1) + 1;
    if (!places.some((place) => place.partition === partition && place.next >= end)) return false;
  }
  return true;
}

export function startSeries(log: TestLog, influx: InfluxSettings): Promise<RunningStage> {
  return startSeriesStage(configFor(log, influx), pino({ level: 'silent' }));
}

export async function metricsOf(stage: RunningStage): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${String(stage.addresses['http'])}/metrics`)).text();
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (name !== '') found.set(name, (found.get(name) ?? 0) + Number(value));
  }
  return found;
}

/** Messages behind the last that was committed by group `series`, over both topics: markers of transactions included. */
export async function seriesLag({ module, settings }: TestLog): Promise<number> {
  const client = new module.KafkaConsumer(
    { 'metadata.broker.list': settings.brokers, 'group.id': `${settings.prefix}series` },
    {},
  );
  await settle<unknown>('connect', (done) => {
    client.connect({ timeout: 10_000 }, done);
  });
  try {
    const places = (['samples', 'outcomes'] as const).flatMap((name) =>
      Array.from({ length: settings.partitions }, (_, partition) => ({ topic: topicName(settings, name), partition })),
    );
    const committed = await settle<readonly { topic: string; partition: number; offset?: number }[]>('ask', (done) => {
      client.committed(places, 10_000, done);
    });
    let lag = 0;
    for (const { topic, partition, offset = 0 } of committed) {
      const { highOffset } = await watermarks(client, topic, partition);
      // What lies between may be nothing but ends of transactions.
      if (highOffset > offset)
        for await (const some of readRange(module, settings, { topic, partition, fromOffset: offset }))
          lag += some.length;
    }
    return lag;
  } finally {
    await new Promise<void>((resolve) => {
      client.disconnect(() => {
        resolve();
      });
    });
  }
}

export interface Rebuilt {
  readonly code: number;
  readonly counted: Readonly<Record<string, number>>;
}

export async function rebuild(
  log: TestLog,
  influx: InfluxSettings,
  range: { readonly fromAt?: number; readonly toAt?: number } = {},
): Promise<Rebuilt> {
  let text = '';
  const out = {
    write: (more: string): void => {
      text += more;
    },
  };
  const config = configFor(log, influx);
  const whole = { fromAt: Number.NEGATIVE_INFINITY, toAt: Number.POSITIVE_INFINITY, ...range };
  const code = await runRebuildSeries({ config, json: true, ...whole }, { out, err: { write: () => undefined } });
  return { code, counted: JSON.parse(text) as Record<string, number> };
}
