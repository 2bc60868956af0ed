/** A device's connection: publishes its reports as arrays and counts as sent only what was acknowledged. */
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { PracticeReport } from './practice-reports.ts';

export interface DeviceLine {
  /** Resolves with the PUBACK, rejects when the connection ends before it. */
  send(reports: readonly object[] | object): Promise<void>;
  sendRaw(payload: string | Buffer): Promise<void>;
  readonly client: MqttClient;
  /** Rejects when the connection has ended, whoever ended it. */
  readonly broken: Promise<never>;
  close(): Promise<void>;
}

export async function openLine(url: string, name: string, options: IClientOptions = {}): Promise<DeviceLine> {
  // The outbox is the test's: a client that sends again by itself would send twice.
  // Without `false` a connection that is closed before its answer is waited for for ever.
  const client = await connectAsync(url, { clientId: name, reconnectPeriod: 0, ...options }, false);
  client.on('error', () => undefined);
  const broken = new Promise<never>((_, reject) => {
    client.once('close', () => {
      reject(new Error(`${name}: the connection was closed`));
    });
  });
  broken.catch(() => undefined);
  const topic = `stackwarden/v1/${name}/report`;
  const sendRaw = async (payload: string | Buffer): Promise<void> => {
    await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), broken]);
  };
  return {
    client,
    sendRaw,
    send: (reports) => sendRaw(JSON.stringify(reports)),
    close: () => client.endAsync(true),
    broken,
  };
}

/** As a logger sends what it stored: arrays of each device, all devices of a site side by side. */
export async function sendStored(url: string, reports: readonly PracticeReport[], most: number): Promise<void> {
  const byDevice = new Map<string, object[]>();
  for (const { site, device, ...report } of reports) {
    const name = `${site}/${device}`;
    const own = byDevice.get(name) ?? [];
    own.push({ ...report, resent: true });
    byDevice.set(name, own);
  }
  const lines = await Promise.all(
    [...byDevice].map(async ([name, stored]) => ({ stored, line: await openLine(url, name) })),
  );
  const longest = Math.max(...[...byDevice.values()].map(({ length }) => length));
  for (let from = 0; from < longest; from += most) {
    await Promise.all(lines.map(({ line, stored }) => line.send(stored.slice(from, from + most))));
  }
  await Promise.all(lines.map(({ line }) => line.close()));
}
