import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Readiness } from '../../api/deps.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { startStageServer, type StageServer } from './stage-server.ts';

const servers: StageServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

let state: Readiness = { ready: true, checks: [{ name: 'kafka', ok: true }] };

async function open(port = 0): Promise<StageServer> {
  const server = await startStageServer({
    host: '127.0.0.1',
    port,
    readiness: async () => state,
    metricsText: async () => 'stackwarden_x 1\n',
  });
  servers.push(server);
  return server;
}

describe('the port of a stage', () => {
  it('tells that it runs, that it is ready, and its counters', async () => {
    const { url, port } = await open();
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    expect(await (await fetch(`${url}health/live`)).json()).toEqual({ live: true });
    const ready = await fetch(`${url}health/ready?x=1`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: [{ name: 'kafka', ok: true }] }]);
    const metrics = await fetch(`${url}metrics`);
    expect([metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'stackwarden_x 1\n' +
        '# HELP stackwarden_stage_ready 1 while this check of /health/ready is passed\n' +
        '# TYPE stackwarden_stage_ready gauge\n' +
        'stackwarden_stage_ready{check="kafka"} 1\n',
    ]);
  });

  it('says 503 with what is not well', async () => {
    const { url } = await open();
    const checks = [
      { name: 'kafka', ok: false, detail: 'no answer for 40 s' },
      { name: 'registry', ok: true },
    ];
    state = { ready: false, checks };
    const response = await fetch(`${url}health/ready`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'not-ready',
      ready: false,
      checks,
      detail: 'not passed: kafka',
    });
    const metrics = await (await fetch(`${url}metrics`)).text();
    expect(metrics).toContain(
      'stackwarden_stage_ready{check="kafka"} 0\nstackwarden_stage_ready{check="registry"} 1\n',
    );
    state = { ready: true, checks: [] };
    expect((await fetch(`${url}health/ready`)).status).toBe(200);
  });

  it('has nothing else, and takes nothing', async () => {
    const { url } = await open();
    expect((await fetch(`${url}api/v1/sites`)).status).toBe(404);
    expect((await fetch(`${url}metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(`${url}health/live`, { method: 'HEAD' })).status).toBe(200);
  });

  it('that is in use is unavailable', async () => {
    const { port } = await open();
    await expect(open(port)).rejects.toThrow(UnavailableError);
  });

  it('stops at once, whoever is connected', async () => {
    const { port, url } = await open();
    const half = connect({ port, host: '127.0.0.1' });
    const closed = once(half, 'close');
    half.on('error', () => undefined);
    half.write('GET /metrics HTTP/1.1\r\n');
    await (await fetch(`${url}health/live`)).text();
    await servers.pop()?.stop();
    await closed;
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });
});
