import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask } from '../tests/support/ask.ts';
import { createWorld } from '../tests/support/api-world.ts';
import type { Served } from './deps.ts';
import { startApi } from './start.ts';

const ORDER = { id: 'O-1', kind: 'shutdown', from: '2026-11-22', scope: { sites: ['demo-cement'] } };

describe('every answer', () => {
  it.each(['/', '/api/v1/sites', '/api/v1/nowhere', '/health/live'])(
    'to %s carries the security headers, an id and no CORS',
    async (url) => {
      const { headers } = await ask(createWorld().app(), url, { headers: { origin: 'https://elsewhere.example' } });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['vary']).toContain('authorization');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );
  it('has an id of its own, whatever the asker says', async () => {
    const { headers } = await ask(createWorld().app(), '/health/live', { headers: { 'x-request-id': 'mine' } });
    expect(headers['x-request-id']).not.toBe('mine');
  });
  it('that a key has is not kept for others, and not sent again while it stays the same', async () => {
    const world = createWorld();
    const app = world.app();
    const first = await ask(app, '/api/v1/findings', { as: 'watch' });
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const etag = first.headers['etag'] as string;
    const again = await ask(app, '/api/v1/findings', {
      as: 'watch',
      headers: { 'if-none-match': `"other", W/${etag}` },
    });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
    const csv = await ask(app, '/api/v1/findings', {
      as: 'watch',
      headers: { 'if-none-match': etag, accept: 'text/csv' },
    });
    expect(csv.statusCode).toBe(200);
    world.readModel.findingLog.pop();
    expect((await ask(app, '/api/v1/findings', { as: 'watch', headers: { 'if-none-match': etag } })).statusCode).toBe(
      200,
    );
  });
  it('to HEAD is the same without the body', async () => {
    const response = await ask(createWorld().app(), '/api/v1/sites', { as: 'watch', method: 'HEAD' });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect((await ask(createWorld().app(), '/api/v1/sites', { method: 'HEAD' })).statusCode).toBe(401);
  });
});

describe('a request that cannot be answered', () => {
  it.each([
    ['GET /api/v1/nowhere', undefined, 404, 'not-found'],
    ['DELETE /api/v1/sites', undefined, 405, 'method-not-allowed'],
    ['GET /api/v1/findings?limt=5', undefined, 400, 'query-invalid'],
    ['GET /api/v1/findings?cursor=x', undefined, 400, 'request-refused'],
    ['GET /api/v1/sites/%zz', undefined, 400, 'request-malformed'],
    [`GET /api/v1/findings/${'x'.repeat(2_000)}`, undefined, 414, 'path-too-long'],
    ['POST /api/v1/orders', '{"id":', 400, 'body-not-json'],
    ['POST /api/v1/orders', '', 400, 'body-not-json'],
    ['POST /api/v1/orders', '{"__proto__":{"x":1}}', 400, 'body-not-json'],
    ['POST /api/v1/orders', `"${'x'.repeat(1_100_000)}"`, 413, 'body-too-large'],
    ['POST /api/v1/orders', '[]', 422, 'body-invalid'],
  ] as const)('is a problem: case %#', async (route, payload, status, code) => {
    const app = createWorld().app();
    const [method, url] = route.split(' ') as ['GET' | 'POST' | 'DELETE', string];
    const type = payload === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: 'Bearer operator', ...type };
    const response = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    expect(response.statusCode, response.body).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ type: `/problems/${code}`, code, status });
    expect(response.json().requestId).toBe(response.headers['x-request-id']);
    const about = await ask(app, response.json().type);
    expect(about.json()).toMatchObject({ code, status, titleEn: response.json().titleEn });
  });
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/yaml'])(
    'because it is %s is refused',
    async (type) => {
      const app = createWorld().app();
      const headers = { authorization: 'Bearer operator', 'content-type': type };
      const response = await app.inject({
        method: 'POST',
        url: '/api/v1/orders',
        headers,
        payload: JSON.stringify(ORDER),
      });
      expect(response.json()).toMatchObject({ status: 415, code: 'media-type-unsupported' });
    },
  );
  it('tells which methods would do', async () => {
    const response = await ask(createWorld().app(), '/api/v1/orders/O-1', { method: 'DELETE' });
    expect(response.headers['allow']).toBe('GET, HEAD, PUT');
  });
  it('because of a fault of ours says nothing of it, and the log says all', async () => {
    const world = createWorld();
    world.readModel.failure = new TypeError('inner workings');
    const response = await ask(world.app(), '/api/v1/findings', { as: 'watch' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('inner workings');
    expect(response.body).not.toContain('.ts');
    expect(world.logged.join('')).toContain('inner workings');
  });
  it('because it is no HTTP is answered all the same', async () => {
    const api = await startApi(createWorld().deps, { host: '127.0.0.1', port: 0 });
    const socket = connect(api.port, '127.0.0.1');
    socket.write('this is not HTTP\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    await api.stop();
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain('"code":"request-malformed"');
  });
});

describe('too many requests', () => {
  it('of one key are refused with the time to wait; another key is not concerned', async () => {
    const app = createWorld().app({ settings: { requestsPerMinute: 2 } });
    for (let i = 0; i < 2; i += 1) expect((await ask(app, '/api/v1/sites', { as: 'watch' })).statusCode).toBe(200);
    const refused = await ask(app, '/api/v1/rules', { as: 'watch', headers: { 'accept-language': 'zh' } });
    expect(refused.json()).toMatchObject({ status: 429, code: 'rate-exceeded', title: '请求过于频繁' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(app, '/api/v1/sites', { as: 'analyst' })).statusCode).toBe(200);
  });
  it('do not keep probes from being answered', async () => {
    const app = createWorld().app({ settings: { requestsPerMinute: 1 } });
    for (let i = 0; i < 5; i += 1) expect((await ask(app, '/health/ready')).statusCode).toBe(200);
  });
});

describe('the log of the API', () => {
  it('has no secrets: neither keys nor passwords nor bodies', async () => {
    const world = createWorld();
    const app = world.app();
    world.credentials.put('canary-good', 'admin');
    await ask(app, '/api/v1/sites?q=canary-query', { as: 'canary-good' });
    await ask(app, '/api/v1/sites', { as: 'canary-wrong' });
    await ask(app, '/api/v1/sites', { headers: { authorization: 'Basic canary-basic', cookie: 'canary-cookie' } });
    const made = await ask(app, '/api/v1/keys', {
      as: 'canary-good',
      method: 'POST',
      body: { name: 'desk', role: 'watch' },
    });
    await ask(app, '/api/v1/orders', {
      as: 'canary-good',
      method: 'POST',
      body: { ...ORDER, document: 'canary-document' },
    });
    world.readModel.failure = new TypeError('fault');
    await ask(app, '/api/v1/findings', { as: 'canary-good' });
    await app.close();
    const text = world.logged.join('').replaceAll('"key":"canary-good"', '');
    expect(text).toContain('api.request.answered');
    expect(text).toContain('fault');
    expect(text).not.toContain('canary');
    expect(text).not.toContain(made.json().secret);
  });
  it('has a line for each write with who it was, and tells the composer of every request', async () => {
    const world = createWorld();
    const served: Served[] = [];
    const app = world.app({ onServed: (one) => served.push(one) });
    await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: ORDER });
    await ask(app, '/api/v1/orders/O-1', { as: 'watch' });
    await app.close();
    const lines = world.logged
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'api.request.answered');
    expect(lines).toMatchObject([
      { level: 30, method: 'POST', route: '/api/v1/orders', status: 201, key: 'operator' },
      { level: 20, method: 'GET', route: '/api/v1/orders/:id', status: 200, key: 'watch' },
    ]);
    expect(served).toMatchObject([
      { method: 'POST', status: 201 },
      { route: '/api/v1/orders/:id', status: 200 },
    ]);
  });
});

describe('without keys', () => {
  it('everyone on the machine is an admin', async () => {
    const app = createWorld().app({ insecure: true });
    expect((await ask(app, '/api/v1/keys')).statusCode).toBe(200);
    expect((await ask(app, '/api/v1/orders', { method: 'POST', body: ORDER })).json().entered.by).toBe('local');
  });
  it.each([
    ['localhost:8080', undefined, 200],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080', 200],
    ['[::1]:8080', undefined, 200],
    ['evil.example:8080', undefined, 421],
    ['localhost.evil.example', undefined, 421],
    ['127.0.0.1:8080', 'https://evil.example', 403],
    ['127.0.0.1:8080', 'null', 403],
  ])('a request to %s from a page of %s is answered %i', async (host, origin, status) => {
    const app = createWorld().app({ insecure: true });
    const response = await ask(app, '/api/v1/sites', {
      headers: { host, ...(origin === undefined ? {} : { origin }) },
    });
    expect(response.statusCode).toBe(status);
  });
});

describe('health', () => {
  it.each(['', '/api/v1'])('at %s/health and %s/metrics needs no key', async (prefix) => {
    const app = createWorld().app();
    expect((await ask(app, `${prefix}/health/live`)).json()).toEqual({ live: true });
    expect((await ask(app, `${prefix}/health/ready`)).json()).toEqual({
      ready: true,
      checks: [{ name: 'storage', ok: true }],
    });
    const metrics = await ask(app, `${prefix}/metrics`, {
      headers: { accept: 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1' },
    });
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.body).toBe('stackwarden_up 1\n');
  });
  it('says what is not ready', async () => {
    const checks = [
      { name: 'storage', ok: true },
      { name: 'log', ok: false, detail: 'away' },
    ];
    const app = createWorld().app({ readiness: async () => ({ ready: false, checks }) });
    const response = await ask(app, '/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'not-ready', ready: false, checks, detail: 'not passed: log' });
  });
});

describe('the landing page', () => {
  it('is in one piece, and its policy allows exactly its own style and script', async () => {
    const { headers, body } = await ask(createWorld().app(), '/', { headers: { accept: 'text/html' } });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    for (const tag of ['style', 'script type="module"']) {
      const name = tag.split(' ')[0] ?? '';
      const inside = body.slice(body.indexOf(`<${tag}>`) + tag.length + 2, body.indexOf(`</${name}>`));
      const hash = createHash('sha256').update(inside).digest('base64');
      expect(headers['content-security-policy']).toContain(`'sha256-${hash}'`);
    }
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(body).not.toMatch(/ on\w+="/);
    expect(body).not.toContain('innerHTML');
    expect(body.split('\n').length).toBeLessThan(250);
  });
});
