/** A device that is on line: a report each moment with the time of that moment, sent until it is acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import { loadClient } from '../../backends/kafka/load-client.ts';
import { decodeSamples } from '../../backends/kafka/outcome-wire.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { openLine, type DeviceLine } from '../end-to-end/device-line.ts';
import { reportKey, type Outbox } from '../end-to-end/outbox.ts';
import type { ProductionSystem } from './production-system.ts';

const EVERY_MS = 250;

export interface LiveDevice extends Pick<Outbox, 'acknowledged' | 'sent'> {
  /** Resolves when its last report is acknowledged. */
  stop(): Promise<void>;
}

/** @param name `SITE/DEVICE` of a monitor */
export function startLiveDevice(url: string, name: string): LiveDevice {
  const acknowledged = new Map<string, number>();
  const sent = new Map<string, number>();
  let line: DeviceLine | undefined;
  let isStopped = false;
  const send = async (report: string): Promise<void> => {
    for (;;) {
      try {
        line ??= await openLine(url, name, { connectTimeout: 5_000 });
        await line.sendRaw(report);
        return;
      } catch (error) {
        // The process that it was connected to is going, or nobody listens just now: as a device does.
        if (!(error instanceof Error)) throw error;
        await line?.close();
        line = undefined;
        await pause(50);
      }
    }
  };
  const run = async (): Promise<void> => {
    for (let count = 0; !isStopped; count += 1) {
      const ts = new Date().toISOString();
      const report = JSON.stringify({ ts, values: { nox: 50 + (count % 97) / 10 } });
      sent.set(reportKey(name, report), 1);
      await send(report);
      acknowledged.set(reportKey(name, report), 1);
      await pause(EVERY_MS);
    }
    await line?.close();
  };
  const running = run();
  return {
    acknowledged,
    sent,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/**
 * How long each report of a device waited: from its own time to the moment at which a detector handed on what came of
 * it, which is a commit (about 0.1 s) before others see it. In the order of its times.
 */
export async function waitsOf({ settings }: ProductionSystem, name: string): Promise<readonly number[]> {
  const [site = '', device = ''] = name.split('/');
  const partition = sitePartition(site, settings.partitions);
  const range = { topic: topicName(settings, 'samples'), partition, fromOffset: 0 };
  const waits = new Map<number, number>();
  for await (const messages of readRange(await loadClient(), settings, range)) {
    for (const { value, timestamp } of messages) {
      const own = decodeSamples(value ?? Buffer.alloc(0)).filter(
        (sample) => sample.site === site && sample.device === device,
      );
      for (const { ts } of own) if (!waits.has(ts)) waits.set(ts, (timestamp ?? Number.NaN) - ts);
    }
  }
  return [...waits].sort(([one], [other]) => one - other).map(([, wait]) => wait);
}
