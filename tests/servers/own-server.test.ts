/** The servers that tests start for themselves are real: they keep what they acknowledged, hang, and come back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import { influx } from '../../deploy/native/influx.mjs';
import { brokerPorts, kafka } from '../../deploy/native/kafka.mjs';
import { mosquitto } from '../../deploy/native/mosquitto.mjs';
import { beginningOf } from '../../deploy/native/server-process.mjs';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { startInflux, startKafka, startMosquitto, type OwnServer } from './own-server.ts';

const SLOW = { timeout: 300_000 };
const ends = endsAfterEach();

const ownFolders = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('stackwarden-own-'));

/** Through hanging and kill -9, to the same port. */
async function comesBack(server: OwnServer, isThere: () => Promise<boolean>): Promise<void> {
  const { pid } = server;
  expect(await isThere()).toBe(true);
  await server.kill('SIGSTOP');
  expect([server.isRunning(), await isThere()]).toEqual([true, false]);
  await server.kill('SIGCONT');
  expect(await isThere()).toBe(true);
  await server.kill();
  expect([server.isRunning(), await isThere()]).toEqual([false, false]);
  await expect(server.kill()).rejects.toThrow('has ended already');
  await server.restart();
  expect(server.pid).not.toBe(pid);
  expect(await isThere()).toBe(true);
}

function mqttClient(server: OwnServer, options: IClientOptions): MqttClient {
  const client = connect(`mqtt://${server.address}`, { reconnectPeriod: 0, ...options });
  // A killed broker ends its connections with an error.
  client.on('error', () => undefined);
  ends.push(() => client.endAsync(true));
  return client;
}

describe('Mosquitto', () => {
  it('keeps over kill -9 what it acknowledged for one who is away', SLOW, async (context) => {
    const before = ownFolders();
    const server = await startMosquitto(context);
    ends.push(() => server.stop());
    const session: IClientOptions = { clientId: 'ingest', clean: false };
    const away = mqttClient(server, session);
    await away.subscribeAsync('site/#', { qos: 1 });
    await away.endAsync();
    const device = mqttClient(server, {});
    const sent = Array.from({ length: 200 }, (_, index) => `report ${index}`);
    for (const text of sent) await device.publishAsync('site/1', text, { qos: 1 });
    await comesBack(server, () => mosquitto.answers({ folder: '', port: server.port }));
    const received: string[] = [];
    const back = mqttClient(server, session);
    await new Promise<void>((resolve) => {
      back.on('message', (_topic, payload) => {
        received.push(payload.toString());
        if (received.length === sent.length) resolve();
      });
    });
    expect(received).toEqual(sent);
    await server.stop();
    expect([server.isRunning(), ownFolders()]).toEqual([false, before]);
  });

  it('ends with the process that started it, however that ends', SLOW, async (context) => {
    if (process.platform !== 'linux' || findProgram('setpriv') === undefined) context.skip('no setpriv on this system');
    const program = await mosquitto
      .find({ fetch: false })
      .catch(() => context.skip('no Mosquitto: apt-get install mosquitto'));
    const parent = mkdtempSync(join(tmpdir(), 'stackwarden-own-'));
    const source = `
      import { mosquitto as kind } from './deploy/native/mosquitto.mjs';
      import { startNew } from './deploy/native/start-server.mjs';
      const [parent, program] = process.argv.slice(1);
      const { mark } = await startNew({ kind, program, parent, outlives: false });
      console.log(mark.pid);
      setInterval(() => {}, 1000);`;
    const args = ['--input-type=module', '-e', source, parent, program];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(beginningOf(pid)).toBeDefined();
    child.kill('SIGKILL');
    await expect.poll(() => beginningOf(pid), { timeout: 10_000 }).toBeUndefined();
    rmSync(parent, { recursive: true });
  });
});

describe('InfluxDB', () => {
  it('keeps over kill -9 what it acknowledged', SLOW, async (context) => {
    const server = await startInflux(context);
    ends.push(() => server.stop());
    const ask = (path: string, type: string, body: string): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Token ${server.token}`, 'content-type': type },
        body,
      });
    const where = `org=${server.organisation}&bucket=${server.bucket}&precision=s`;
    const now = Math.floor(Date.now() / 1_000);
    expect((await ask(`/api/v2/write?${where}`, 'text/plain', `stack,site=a so2=12.5 ${now}`)).status).toBe(204);
    await comesBack(server, () => influx.answers({ folder: '', port: server.port }));
    const flux = `from(bucket: "${server.bucket}") |> range(start: -1h) |> keep(columns: ["_value", "site"])`;
    const answer = await ask(`/api/v2/query?org=${server.organisation}`, 'application/vnd.flux', flux);
    expect(await answer.text()).toMatch(/,12[.]5,a\r\n/);
  });
});

describe('Kafka', () => {
  it('comes back, and keeps those at its proxy who came through it', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const { port, proxy } = server;
    expect([await brokerPorts(port), await brokerPorts(proxy.port)]).toEqual([[port], [proxy.port]]);
    await proxy.hang();
    expect([await brokerPorts(port), await brokerPorts(proxy.port)]).toEqual([[port], []]);
    await proxy.forward();
    await comesBack(server, () => kafka.answers({ folder: '', port: proxy.port }));
    expect(await brokerPorts(port)).toEqual([port]);
  });
});
