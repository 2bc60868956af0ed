/** An API process that is killed at any moment shows in the end what one shows that was never killed; a server may go away. */
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { commandBuilt, spawnCommand, textOf } from '../end-to-end/built-command.ts';
import { readyLine } from '../end-to-end/ready-line.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { createRandom } from '../support/seeded-random.ts';
import { stretchCommit, tellStretch } from '../support/told-history.ts';
import { commit, finding } from '../ports/builders.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { isReady, prepareApi, read, statusOf, type ApiRunner } from './api-running.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const SOON = { timeout: 60_000, interval: 50 };
const ends = endsAfterEach();

const API = '/api/v1';
const PARTITIONS = 3;
const LENGTH = 240;
const KILLS = 6;

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

async function startProcess({ topics }: ApiRunner, folder: string): Promise<Server> {
  const { brokers, prefix, partitions } = topics.settings;
  const child = spawnCommand(['api', '--json', '--http', '0', '--insecure', '--data', folder], {
    env: {
      STACKWARDEN_LOG: 'kafka',
      STACKWARDEN_KAFKA_BROKERS: brokers,
      STACKWARDEN_KAFKA_PREFIX: prefix,
      STACKWARDEN_KAFKA_PARTITIONS: String(partitions),
      UV_THREADPOOL_SIZE: '16',
    },
  });
  const stderr = textOf(child.stderr);
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const { http } = await readyLine<{ http: number }>(child, stderr);
  return { child, port: http };
}

async function ask(port: number, path: string): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${String(port)}${path}`)).json();
}

async function allOf(port: number, list: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page = (await ask(port, `${API}/${list}?limit=100${cursor}`)) as { items: unknown[]; next: string | null };
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}

async function contentOf(port: number): Promise<unknown> {
  const findings = (await allOf(port, 'findings')) as { id: string }[];
  const revisions = [];
  for (const { id } of findings) revisions.push(await ask(port, `${API}/findings/${id}/revisions`));
  const [letters, orders, marks, rules] = [
    await allOf(port, 'dead-letters'),
    await allOf(port, 'orders'),
    await allOf(port, 'marks'),
    await ask(port, `${API}/rules`),
  ];
  const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const counted = metrics.split('\n').filter((line) => /^stackwarden_detect_\w+_total /.test(line));
  return { findings, revisions, letters, orders, marks, rules, counted };
}

const ready = async (port: number): Promise<number> =>
  (await fetch(`http://127.0.0.1:${String(port)}/health/ready`)).status;

describe('an API process', () => {
  beforeAll(commandBuilt);

  it('that is killed again and again shows in the end what one shows that never was', async (context) => {
    const runner = await prepareApi(needKafka(context));
    ends.push(() => runner.end());
    const { below } = createRandom(20_261_122);
    const folder = runner.newFolder();
    const next = Array.from({ length: PARTITIONS }, () => 0);
    /** A stretch of a partition; where the detector "ended" in between, its first parts stand there as well. */
    const tellSome = async (): Promise<void> => {
      const partition = below(PARTITIONS);
      const from = next[partition] ?? 0;
      const to = Math.min(LENGTH, from + 1 + below(8));
      if (from === to) return;
      const at = { partition, partitions: PARTITIONS };
      if (below(3) === 0) await runner.send(tellStretch(from, to, { ...at, parts: 1 + below(2) }));
      const messages = tellStretch(from, to, at);
      await runner.fillLog(partition, to);
      await runner.send(messages);
      next[partition] = to;
    };
    let server = await startProcess(runner, folder);
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (let i = 0; i < 10 + below(10); i += 1) await tellSome();
      const gone = once(server.child, 'exit');
      server.child.kill('SIGKILL');
      await gone;
      for (let i = 0; i < below(5); i += 1) await tellSome();
      server = await startProcess(runner, folder);
    }
    while (next.some((offset) => offset < LENGTH)) await tellSome();
    const fresh = await startProcess(runner, runner.newFolder());
    await expect.poll(() => ready(fresh.port), SOON).toBe(200);
    const expected = await contentOf(fresh.port);
    const received = stretchCommit(0, LENGTH, { partition: 0, partitions: PARTITIONS }).counts['received'] ?? 0;
    expect(JSON.stringify(expected)).toContain(`stackwarden_detect_received_total ${String(PARTITIONS * received)}`);
    await expect.poll(() => ready(server.port), SOON).toBe(200);
    await expect.poll(() => contentOf(server.port), SOON).toEqual(expected);
    const asked = performance.now();
    const ended = once(server.child, 'exit') as Promise<[number | null]>;
    server.child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
  });
});

describe('while Kafka is away', () => {
  it('what was copied is shown, nothing is entered, and afterwards it goes on', async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const runner = await prepareApi(server.address, server.proxy.address);
    ends.push(() => runner.end());
    const stage = await runner.start(runner.newFolder());
    await runner.tell(0, 0, commit({ nextOffset: 3, findings: [finding()] }));
    await expect.poll(() => statusOf(stage, `${API}/findings/f-1`), SOON).toBe(200);
    await expect.poll(() => isReady(stage), SOON).toBe(true);
    await server.proxy.hang();
    const isAway = { ready: true, checks: [{ name: 'kafka', ok: false }, {}, {}, {}] };
    await expect.poll(() => read(stage, '/health/ready'), SOON).toMatchObject(isAway);
    expect(await statusOf(stage, `${API}/findings/f-1`)).toBe(200);
    await runner.tell(0, 3, commit({ nextOffset: 4, findings: [finding({ revision: 2 })] }));
    await server.proxy.forward();
    await expect
      .poll(() => read(stage, `${API}/findings/f-1`), { ...SOON, timeout: 120_000 })
      .toMatchObject({ revision: 2 });
    await server.kill();
    await expect.poll(() => read(stage, '/health/ready'), { ...SOON, timeout: 60_000 }).toMatchObject(isAway);
    const started = performance.now();
    await stage.stop();
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
