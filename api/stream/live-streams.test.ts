import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import { createWorld, letter, NOW, type World } from '../../tests/support/api-world.ts';
import { openEvents, type EventClient } from '../../tests/support/event-client.ts';
import { SETTINGS, type ApiDeps, type ApiSettings } from '../deps.ts';

// Nothing here waits for time, but filling the sockets of both sides takes some on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const PATH = '/api/v1/events/stream';
const apps: FastifyInstance[] = [];

interface Running {
  readonly world: World;
  readonly app: FastifyInstance;
  readonly port: number;
  open(key: string, options?: { lastEventId?: number | string; query?: string }): Promise<EventClient>;
}

async function run(settings: Partial<ApiSettings> = {}, change: Partial<ApiDeps> = {}): Promise<Running> {
  const world = createWorld();
  const app = world.app({ settings: { ...SETTINGS, requestsPerMinute: 10_000, ...settings }, ...change });
  await app.listen({ host: '127.0.0.1', port: 0 });
  apps.push(app);
  const { port } = app.server.address() as AddressInfo;
  return {
    world,
    app,
    port,
    open: (key, { lastEventId, query = '' } = {}) =>
      openEvents(`http://127.0.0.1:${port}${PATH}${query}`, {
        authorization: `Bearer ${key}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      }),
  };
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const change = (district: string, body = '{}', type: ChangeEvent['type'] = 'finding'): Omit<ChangeEvent, 'seq'> => ({
  type,
  site: district === 'xinmi' ? 'demo-cement' : 'far-cement',
  district,
  body,
});
const own = (body = '{}') => change('xinmi', body);

describe('the live stream', () => {
  it('tells where it begins, then every change as it happens', async () => {
    const { world, open } = await run();
    world.change(own(), own());
    const client = await open('watch');
    expect(client.status).toBe(200);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(await client.next()).toEqual({ id: 2, event: 'ready', data: '{"first":1,"last":2}' });
    expect(client.frames[0]).toEqual({ retry: '3000' });
    world.change(own('{"id":"f-1"}'));
    expect(await client.next()).toEqual({ id: 3, event: 'finding', data: '{"id":"f-1"}' });
  });
  it('finds changes without being told of them', async () => {
    const world = createWorld();
    const app = world.app({ onChange: () => () => undefined, settings: { changePollMs: 5 } });
    apps.push(app);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const client = await openEvents(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}${PATH}`, {
      authorization: 'Bearer watch',
    });
    await client.next();
    world.readModel.changeList.push({ seq: 1, ...own() });
    expect(await client.next()).toMatchObject({ id: 1, event: 'finding' });
  });
  it('goes on behind the last event seen, however far back that is kept', async () => {
    const { world, open } = await run();
    const first = await open('watch');
    await first.next();
    for (let i = 0; i < 1_500; i += 1) world.change(own(String(i)));
    const second = await open('watch', { lastEventId: 3 });
    for (let id = 4; id <= 1_500; id += 1) expect((await second.next()).id).toBe(id);
    world.change(own('live'));
    expect(await second.next()).toEqual({ id: 1_501, event: 'finding', data: 'live' });
  });
  it('says so where it cannot go on behind it', async () => {
    const { world, open } = await run();
    world.change(own(), own(), own(), own());
    world.readModel.firstKept = 3;
    const late = await open('watch', { lastEventId: 1 });
    const reset = await late.next();
    expect(reset).toMatchObject({ id: 4, event: 'reset' });
    expect(JSON.parse(reset.data ?? '')).toEqual({
      reason: 'changes after this id are no longer kept',
      first: 3,
      last: 4,
    });
    const elsewhere = await open('watch', { lastEventId: 99 });
    expect(await elsewhere.next()).toMatchObject({ id: 4, event: 'reset' });
    const inTime = await open('watch', { lastEventId: 2 });
    expect(await inTime.next()).toMatchObject({ id: 3, event: 'finding' });
  });
  it('says so to a reader who comes from another process', async () => {
    const { world, open } = await run({}, { changeSet: 'mine' });
    world.change(own(), own(), own());
    const client = await open('watch', { lastEventId: 'mine-2' });
    expect(await client.next()).toMatchObject({ id: 'mine-3', event: 'finding' });
    for (const lastEventId of ['yours-2', '2']) {
      const reset = await (await open('analyst', { lastEventId })).next();
      expect(reset).toMatchObject({ id: 'mine-3', event: 'reset' });
      expect(JSON.parse(reset.data ?? '')).toMatchObject({ reason: 'the id is from another data set' });
    }
    const alone = await run();
    alone.world.change(own());
    expect(await (await alone.open('watch', { lastEventId: 'mine-1' })).next()).toMatchObject({ event: 'reset' });
  });
  it('refuses an id that it cannot have given', async () => {
    const { open } = await run();
    expect((await open('watch', { lastEventId: 'x' })).status).toBe(400);
    expect((await open('watch', { lastEventId: 'X-1' })).status).toBe(400);
  });
  it('gives only the kinds that were asked for, and the id of where it is with every heartbeat', async () => {
    const { world, open } = await run({ heartbeatMs: 20 });
    const client = await open('watch', { query: '?type=registry' });
    await client.next();
    world.change(own(), change('xinmi', '{}', 'registry'), own());
    expect(await client.next()).toMatchObject({ id: 2, event: 'registry' });
    expect(await client.next(({ comment, id }) => comment === 'alive' && id === 3)).toBeDefined();
  });
});

describe('who sees what in the live stream', () => {
  it('a key limited to districts sees its own', async () => {
    const { world, open } = await run();
    const order = (id: string, sites: string[]) => ({
      order: { id, kind: 'shutdown', from: '2026-11-22', scope: { sites } },
      enteredAt: NOW,
      by: 'desk',
    });
    const plain = (type: ChangeEvent['type'], body: unknown): Omit<ChangeEvent, 'seq'> => ({
      type,
      site: null,
      district: null,
      body: JSON.stringify(body),
    });
    const mark = (site: string) => ({
      id: 'm',
      mark: { site, state: 'stopped', from: '2026-11-22' },
      declaredAt: NOW,
      accepted: true,
      by: 'desk',
    });
    const client = await open('operator-xinmi');
    await client.next();
    world.change(
      change('dengfeng', '"far"'),
      plain('order', order('O-1', ['far-cement'])),
      plain('order', order('O-2', ['far-cement', 'demo-cement'])),
      plain('mark', mark('far-cement')),
      plain('mark', mark('demo-cement')),
      plain('dead-letter', letter('d-1', 'stackwarden/v1/far-cement/cems-1/report')),
      plain('dead-letter', letter('d-2', 'stackwarden/v1/demo-cement/cems-1/report')),
      plain('registry', { secret: true }),
      change('xinmi', '"own"'),
    );
    const seen = [];
    for (let i = 0; i < 5; i += 1) seen.push(await client.next());
    expect(seen.map(({ id, event }) => [id, event])).toEqual([
      [3, 'order'],
      [5, 'mark'],
      [7, 'dead-letter'],
      [8, 'registry'],
      [9, 'finding'],
    ]);
    expect(JSON.parse(seen[0]?.data ?? '')).toMatchObject({
      id: 'O-2',
      scope: { sites: ['demo-cement'] },
      entered: { by: 'desk' },
    });
    expect(JSON.parse(seen[2]?.data ?? '')).toMatchObject({ id: 'd-2', received: '2026-11-22T11:00:00+08:00' });
    expect(JSON.stringify(seen)).not.toMatch(/far|secret/);
  });
  it('a role sees what it may read', async () => {
    const { world, open } = await run();
    const client = await open('district-xinmi');
    await client.next();
    const body = JSON.stringify(letter('d-2', 'stackwarden/v1/demo-cement/cems-1/report'));
    world.change({ type: 'dead-letter', site: null, district: null, body }, own('"own"'));
    expect(await client.next()).toMatchObject({ id: 2, event: 'finding' });
  });
  it('a key that is revoked sees nothing more', async () => {
    const { world, open } = await run({ keyTrustMs: 10 });
    const client = await open('watch');
    const other = await open('analyst');
    await client.next();
    await other.next();
    world.credentials.keys.delete('watch');
    world.pass(10);
    await client.closed;
    world.change(own());
    expect(await other.next()).toMatchObject({ event: 'finding' });
  });
});

/** A reader that takes nothing off its socket once the answer has begun. */
async function openDeaf(port: number, key: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

describe('a reader that does not read', () => {
  const BODY = JSON.stringify('x'.repeat(100_000));

  it('is closed, holds nobody up, and may resume without a gap', async () => {
    const { world, app, port, open } = await run({ streamBehind: 20 });
    const served = once(app.server, 'connection') as Promise<[Socket]>;
    const deaf = await openDeaf(port, 'watch');
    const [socket] = await served;
    const closed = once(socket, 'close');
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    const quick = await open('analyst');
    await quick.next();
    // More than the sockets of both sides hold: from then on the deaf one falls behind.
    let sent = 0;
    while (!isClosed && sent < 2_000) {
      world.change(own(BODY));
      sent += 1;
      expect((await quick.next()).id).toBe(sent);
    }
    await closed;
    expect(sent).toBeLessThan(2_000);

    let text = '';
    deaf.on('data', (chunk) => (text += String(chunk)));
    deaf.resume();
    await once(deaf, 'close');
    const ids = [...text.matchAll(/^id: (\d+)\nevent: finding\ndata: ("x+")\n\n/gm)].map((match) => Number(match[1]));
    const last = ids.at(-1) ?? 0;
    expect(last).toBeLessThan(sent);
    const resumed = await open('watch', { lastEventId: last });
    for (let id = last + 1; id <= sent; id += 1) expect((await resumed.next()).id).toBe(id);
  });

  it('is closed at the second heartbeat, even where little is waiting for it', async () => {
    const { world, app, port } = await run({ heartbeatMs: 50, streamBehind: 1_000_000 });
    const served = once(app.server, 'connection') as Promise<[Socket]>;
    const deaf = await openDeaf(port, 'watch');
    const [socket] = await served;
    const closed = once(socket, 'close');
    for (let i = 0; i < 300; i += 1) world.change(own(BODY));
    await closed;
    deaf.destroy();
  });
});

describe('streams', () => {
  it('are bounded for each key and altogether', async () => {
    const { open } = await run({ streamsPerKey: 1, streams: 2 });
    const first = await open('watch');
    await first.next();
    const second = await open('watch');
    expect(second.status).toBe(429);
    expect(second.response.headers['retry-after']).toBe('30');
    await (await open('analyst')).next();
    expect((await open('operator')).status).toBe(429);
  });
  it('end when the API stops, which does not wait for their readers', async () => {
    const { app, open, port } = await run();
    const client = await open('watch');
    await client.next();
    await openDeaf(port, 'analyst');
    await app.close();
    await client.closed;
  });
  it('that cannot be read are closed, and the next one works', async () => {
    const { world, open } = await run();
    const { readModel } = world;
    const client = await open('watch');
    await client.next();
    const changes = readModel.changes.bind(readModel);
    world.change(...Array.from({ length: 600 }, () => own()));
    for (let i = 0; i < 600; i += 1) await client.next();
    readModel.changes = async () => {
      throw new Error('away');
    };
    const resumed = await open('watch', { lastEventId: 1 });
    await resumed.closed;
    readModel.changes = changes;
    expect(await (await open('watch', { lastEventId: 599 })).next()).toMatchObject({ id: 600 });
  });
});
