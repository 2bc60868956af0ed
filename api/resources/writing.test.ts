import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { createApp } from '../app.ts';
import type { ApiDeps } from '../deps.ts';
import { ask, fieldOf } from '../../tests/support/ask.ts';
import { createWorld, NOW } from '../../tests/support/api-world.ts';

const ORDER = {
  id: '2026-R-017',
  kind: 'limit',
  from: '2026-11-22T00:00:00+08:00',
  scope: { lines: ['demo-cement/kiln-1'] },
  reducePercent: 50,
};
const MARK = { site: 'demo-cement', outlet: 'kiln-tail', state: 'start-up', from: '2026-11-22T11:00:00+08:00' };

describe('an order', () => {
  it('that is entered stands in the log, and is read back before the read model shows it', async () => {
    const world = createWorld();
    const app = world.app();
    const response = await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: ORDER });
    expect(response.statusCode, response.body).toBe(201);
    expect(response.headers['location']).toBe('/api/v1/orders/2026-R-017');
    expect(world.log.entries).toEqual([{ kind: 'order', received: NOW, body: JSON.stringify(ORDER), by: 'operator' }]);
    const view = { ...ORDER, entered: { source: 'api', at: '2026-11-22T12:00:00+08:00', by: 'operator' } };
    expect(response.json()).toEqual(view);
    expect((await ask(app, '/api/v1/orders/2026-R-017', { as: 'watch' })).json()).toEqual(view);
    const list = await ask(app, '/api/v1/orders', { as: 'watch' });
    expect(fieldOf(list)).toEqual(['2026-R-017', 'O-both', 'O-far', 'O-own']);
  });
  it('is what the read model says once that has caught up', async () => {
    const world = createWorld();
    const app = world.app();
    await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: ORDER });
    world.readModel.orderList = [{ order: { ...ORDER, kind: 'shutdown' }, enteredAt: NOW, by: 'someone' }];
    expect((await ask(app, '/api/v1/orders/2026-R-017', { as: 'watch' })).json()).toMatchObject({
      kind: 'shutdown',
      entered: { by: 'someone' },
    });
  });
  it('that was read can be changed and written back as it is; it is lifted by its end', async () => {
    const world = createWorld();
    const app = world.app();
    await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: ORDER });
    const read = (await ask(app, '/api/v1/orders/2026-R-017', { as: 'operator' })).json();
    world.pass(1_000);
    const lifted = { ...read, to: '2026-11-22T12:00:00+08:00' };
    const response = await ask(app, '/api/v1/orders/2026-R-017', { as: 'operator', method: 'PUT', body: lifted });
    expect(response.statusCode, response.body).toBe(200);
    expect(world.log.entries[1]).toMatchObject({ kind: 'order', received: NOW + 1_000 });
    expect(JSON.parse((world.log.entries[1] as { body: string }).body)).toEqual({ ...ORDER, to: lifted.to });
    expect((await ask(app, '/api/v1/orders/2026-R-017', { as: 'watch' })).json().to).toBe(lifted.to);
    expect((await ask(app, '/api/v1/sites/demo-cement', { as: 'watch' })).json().orders).not.toContain('2026-R-017');
  });
  it('of the registry is shown in the form in which orders are written, and can be replaced', async () => {
    const app = createWorld().app();
    const order = (await ask(app, '/api/v1/orders/O-own', { as: 'watch' })).json();
    expect(order).toMatchObject({
      id: 'O-own',
      from: '2026-11-22T00:00:00+08:00',
      to: null,
      entered: { source: 'registry', at: null },
    });
    const response = await ask(app, '/api/v1/orders/O-own', {
      as: 'operator',
      method: 'PUT',
      body: { ...order, to: '2026-11-23' },
    });
    expect(response.statusCode, response.body).toBe(200);
    expect((await ask(app, '/api/v1/orders/O-own', { as: 'watch' })).json()).toMatchObject({
      to: '2026-11-23',
      entered: { source: 'api' },
    });
  });
  it('cannot be entered twice', async () => {
    const app = createWorld().app();
    const own = await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: { ...ORDER, id: 'O-own' } });
    expect(own.json()).toMatchObject({ status: 409, code: 'order-exists' });
  });
  it.each([
    [{ ...ORDER, kind: 'halt' }, '/kind', 'must be one of shutdown, limit, plan'],
    [{ ...ORDER, scope: { site: ['demo-cement'] } }, '/scope', 'unknown fields: site'],
    [{ ...ORDER, from: '2026-11-22T00:00:00' }, '', 'from'],
    [{ ...ORDER, to: '2026-11-21' }, '', '`to` (2026-11-21) is not after'],
    [{ ...ORDER, reducePercent: undefined }, '', 'reducePercent'],
    [{ ...ORDER, scope: { sites: ['demo-cemen'] } }, '/scope/sites/0', 'Did you mean `demo-cement`?'],
  ])('%j is refused at "%s"', async (body, pointer, text) => {
    const world = createWorld();
    const response = await ask(world.app(), '/api/v1/orders', { as: 'operator', method: 'POST', body });
    expect(response.statusCode).toBe(422);
    expect(response.json().errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer, detail: expect.stringContaining(text) })]),
    );
    expect(world.log.entries).toEqual([]);
  });
  it('is replaced under its own id only, and only where it exists', async () => {
    const app = createWorld().app();
    const other = await ask(app, '/api/v1/orders/O-own', { as: 'operator', method: 'PUT', body: ORDER });
    expect(other.json()).toMatchObject({ status: 422, errors: [{ pointer: '/id' }] });
    expect(
      (await ask(app, '/api/v1/orders/2026-R-017', { as: 'operator', method: 'PUT', body: ORDER })).statusCode,
    ).toBe(404);
  });
  it('that the log refuses does not stand, and says when to try again', async () => {
    const world = createWorld();
    world.log.failure = new UnavailableError('disk full');
    const app = world.app();
    const response = await ask(app, '/api/v1/orders', { as: 'operator', method: 'POST', body: ORDER });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect((await ask(app, '/api/v1/orders/2026-R-017', { as: 'watch' })).statusCode).toBe(404);
  });
});

describe('an order, for a key limited to districts', () => {
  it('is seen where it reaches a site of its own, without the names of others', async () => {
    const app = createWorld().app();
    const list = await ask(app, '/api/v1/orders', { as: 'district-xinmi' });
    expect(fieldOf(list)).toEqual(['O-both', 'O-own']);
    expect(list.json().items[0].scope.sites).toEqual(['demo-cement']);
    expect(list.body).not.toContain('far-cement');
  });
  it.each([
    [{ sites: ['far-cement'] }, 422],
    [{ lines: ['far-cement/kiln-1'] }, 422],
    [{ districts: ['dengfeng'] }, 422],
    [{ industries: ['cement'] }, 403],
    [{ grades: ['B'] }, 403],
    [{ districts: ['xinmi'] }, 201],
    [{ sites: ['demo-cement'] }, 201],
  ])('with scope %j is answered %i', async (scope, status) => {
    const response = await ask(createWorld().app(), '/api/v1/orders', {
      as: 'operator-xinmi',
      method: 'POST',
      body: { ...ORDER, scope },
    });
    expect(response.statusCode, response.body).toBe(status);
    if (status === 422) expect(response.body).not.toContain('Did you mean `far');
  });
  it('that reaches others as well cannot be replaced', async () => {
    const app = createWorld().app();
    const order = (await ask(app, '/api/v1/orders/O-both', { as: 'operator-xinmi' })).json();
    const response = await ask(app, '/api/v1/orders/O-both', { as: 'operator-xinmi', method: 'PUT', body: order });
    expect(response.json()).toMatchObject({ status: 403, code: 'key-limited' });
  });
});

describe('a mark', () => {
  it('that is entered stands in the log under the name of the key, and is read back at once', async () => {
    const world = createWorld();
    const app = world.app();
    const response = await ask(app, '/api/v1/marks', {
      as: 'watch',
      method: 'POST',
      body: { ...MARK, by: 'someone else' },
    });
    expect(response.statusCode, response.body).toBe(201);
    expect(response.headers['location']).toBe('/api/v1/marks?site=demo-cement');
    expect(world.log.entries).toEqual([
      { kind: 'mark', received: NOW, body: JSON.stringify({ ...MARK, by: 'watch' }), by: 'watch' },
    ]);
    const list = await ask(app, '/api/v1/marks?site=demo-cement', { as: 'watch' });
    expect(fieldOf(list, 'state')).toEqual(['start-up', 'start-up', 'calibration']);
    expect(fieldOf(list, 'by')).toEqual(['watch', 'registry', 'cems-1']);
    world.readModel.markList.unshift({ id: 'm', mark: MARK, declaredAt: NOW, accepted: true, by: 'watch' });
    expect((await ask(app, '/api/v1/marks?site=demo-cement', { as: 'watch' })).json().items).toHaveLength(3);
  });
  it.each([
    [{ ...MARK, site: 'nowhere' }, 'unknown site'],
    [{ ...MARK, outlet: 'kiln-head' }, 'unknown outlet'],
    [{ ...MARK, line: 'kiln-9' }, 'Did you mean `kiln-1`?'],
    [{ ...MARK, from: 'yesterday' }, 'from'],
    [{ ...MARK, to: MARK.from }, 'is not after'],
    [{ ...MARK, state: 'Start Up' }, 'state'],
  ])('%j is refused: %s', async (body, text) => {
    const response = await ask(createWorld().app(), '/api/v1/marks', { as: 'watch', method: 'POST', body });
    expect(response.statusCode).toBe(422);
    expect(JSON.stringify(response.json().errors)).toContain(text);
  });
  it('of another district can neither be read nor entered', async () => {
    const app = createWorld().app();
    const all = await ask(app, '/api/v1/marks', { as: 'district-dengfeng' });
    expect(fieldOf(all, 'site')).toEqual(['far-cement']);
    expect((await ask(app, '/api/v1/marks?site=demo-cement', { as: 'district-dengfeng' })).statusCode).toBe(404);
    const entered = await ask(app, '/api/v1/marks', { as: 'district-dengfeng', method: 'POST', body: MARK });
    expect(entered.statusCode).toBe(422);
    expect(entered.body).toContain('unknown site');
  });
});

describe('a dead letter', () => {
  it('is listed, shown, and sent through ingest again', async () => {
    const world = createWorld();
    const redriven: string[] = [];
    const app = world.app({
      redrive: async ({ id }, by) => {
        redriven.push(`${id} by ${by}`);
        return { accepted: 0, rejections: [{ reason: 'signal-unknown', detail: 'still' }] };
      },
    });
    const list = await ask(app, '/api/v1/dead-letters?reason=signal-unknown&state=kept', { as: 'watch' });
    expect(fieldOf(list)).toEqual(['d-demo-cement', 'd-far-cement']);
    expect((await ask(app, '/api/v1/dead-letters/d-demo-cement', { as: 'watch' })).json()).toMatchObject({
      received: '2026-11-22T11:00:00+08:00',
      payload: '{"ts":1}',
    });
    const response = await ask(app, '/api/v1/dead-letters/d-demo-cement/redrive', { as: 'operator', method: 'POST' });
    expect(response.json()).toEqual({
      id: 'd-demo-cement',
      accepted: 0,
      rejections: [{ reason: 'signal-unknown', detail: 'still' }],
    });
    expect(redriven).toEqual(['d-demo-cement by operator']);
  });
  it('that is settled is not sent again', async () => {
    const response = await ask(createWorld().app(), '/api/v1/dead-letters/d-nowhere/redrive', {
      as: 'operator',
      method: 'POST',
    });
    expect(response.json()).toMatchObject({ status: 409, code: 'dead-letter-settled' });
  });
  it('belongs to the district of the site of its topic', async () => {
    const app = createWorld().app();
    const list = await ask(app, '/api/v1/dead-letters', { as: 'operator-xinmi' });
    expect(fieldOf(list)).toEqual(['d-demo-cement']);
    for (const id of ['d-far-cement', 'd-nowhere']) {
      expect((await ask(app, `/api/v1/dead-letters/${id}`, { as: 'operator-xinmi' })).statusCode).toBe(404);
    }
  });
});

describe('the registry', () => {
  const files = [{ name: 'a.yaml', text: 'version: 1' }];
  it('tells its version and how much stands in it', async () => {
    const app = createWorld().app();
    expect((await ask(app, '/api/v1/registry', { as: 'watch' })).json()).toMatchObject({
      timezone: 'Asia/Shanghai',
      sites: 2,
      devices: 6,
    });
    expect((await ask(app, '/api/v1/registry', { as: 'district-xinmi' })).json()).toMatchObject({
      sites: 1,
      districts: [{ id: 'xinmi' }],
    });
  });
  it('is put into force', async () => {
    const response = await ask(createWorld().app(), '/api/v1/registry', {
      as: 'operator',
      method: 'PUT',
      body: { files },
    });
    expect(response.json()).toEqual({ version: 'next', warnings: [] });
  });
  it('that is wrong is refused with every problem and its place', async () => {
    const problem = {
      file: 'a.yaml',
      line: 7,
      path: 'sites[0].id',
      code: 'id-duplicate' as const,
      message: 'twice',
      remedy: 'Rename one.',
    };
    const app = createWorld().app({
      importRegistry: async () => ({ ok: false, error: [problem, { ...problem, line: 9 }] }),
    });
    const response = await ask(app, '/api/v1/registry', { as: 'operator', method: 'PUT', body: { files } });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({
      code: 'registry-invalid',
      errors: [{ pointer: 'sites[0].id', detail: expect.stringContaining('a.yaml:7') }, {}],
      problems: [problem, { line: 9 }],
    });
  });
  it('may be larger than other bodies, up to a bound', async () => {
    const app = createWorld().app({ settings: { bodyBytes: 1_000, registryBytes: 10_000 } });
    const body = (size: number) => ({ files: [{ name: 'a.yaml', text: '#'.repeat(size) }] });
    expect((await ask(app, '/api/v1/registry', { as: 'operator', method: 'PUT', body: body(5_000) })).statusCode).toBe(
      200,
    );
    const tooLarge = await ask(app, '/api/v1/registry', { as: 'operator', method: 'PUT', body: body(20_000) });
    expect(tooLarge.json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });
  it('cannot be imported where the process has no way to', async () => {
    const parts = Object.entries(createWorld().deps).filter(([name]) => name !== 'importRegistry');
    const deps = Object.fromEntries(parts) as unknown as ApiDeps;
    const response = await ask(createApp(deps), '/api/v1/registry', { as: 'operator', method: 'PUT', body: { files } });
    expect(response.json()).toMatchObject({ status: 501, code: 'import-unavailable' });
  });
});

describe('an API key', () => {
  it('is made, works, is listed without its secret, and is revoked at once', async () => {
    const app = createWorld().app();
    const made = await ask(app, '/api/v1/keys', {
      as: 'admin',
      method: 'POST',
      body: { name: 'desk', role: 'district', districts: ['xinmi'] },
    });
    expect(made.statusCode, made.body).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { key, secret } = made.json();
    expect((await ask(app, '/api/v1/sites', { as: secret })).json().items).toHaveLength(1);
    const list = await ask(app, '/api/v1/keys', { as: 'admin' });
    expect(list.json().items).toContainEqual(key);
    expect((await ask(app, made.headers['location'] as string, { as: 'admin', method: 'DELETE' })).statusCode).toBe(
      204,
    );
    expect((await ask(app, '/api/v1/sites', { as: secret })).statusCode).toBe(401);
    expect((await ask(app, made.headers['location'] as string, { as: 'admin', method: 'DELETE' })).statusCode).toBe(
      404,
    );
  });
  it.each([
    [{ name: 'x', role: 'district' }, 'needs `districts`'],
    [{ name: 'x', role: 'watch', districts: ['nowhere'] }, 'unknown districts: nowhere'],
    [{ name: 'x', role: 'admin', districts: ['xinmi'] }, 'cannot be limited'],
    [{ name: ' ', role: 'watch' }, ''],
    [{ name: 'x', role: 'root' }, 'must be one of'],
  ])('%j is refused: %s', async (body, text) => {
    const response = await ask(createWorld().app(), '/api/v1/keys', { as: 'admin', method: 'POST', body });
    expect(response.statusCode).toBe(422);
    expect(response.body).toContain(text);
  });
});

describe('a device credential', () => {
  it('is made for a device of the registry, and revoked by its name', async () => {
    const app = createWorld().app();
    const made = await ask(app, '/api/v1/credentials', {
      as: 'operator',
      method: 'POST',
      body: { user: 'demo-cement/m-kiln' },
    });
    expect(made.statusCode, made.body).toBe(201);
    expect(made.json()).toMatchObject({
      credential: { grants: ['demo-cement/m-kiln'] },
      password: 'password-of-demo-cement/m-kiln',
    });
    expect(made.headers['location']).toBe('/api/v1/credentials/demo-cement%2Fm-kiln');
    expect(
      (await ask(app, '/api/v1/credentials/demo-cement%2Fm-kiln', { as: 'operator', method: 'DELETE' })).statusCode,
    ).toBe(204);
    expect(
      (await ask(app, '/api/v1/credentials/demo-cement%2Fm-kiln', { as: 'operator', method: 'DELETE' })).statusCode,
    ).toBe(404);
  });
  it.each([
    [{ user: 'gateway-1' }, 'a gateway needs `grants`'],
    [{ user: 'demo-cement/none' }, 'device none is not among the devices of site demo-cement'],
    [{ user: 'gateway-1', grants: ['nowhere/*', 'demo-cement/*'] }, 'site nowhere is not in the registry'],
    [{ user: 'Gateway' }, '/user'],
    [{ user: 'gateway-1', grants: ['*'] }, '/grants/0'],
  ])('%j is refused: %s', async (body, text) => {
    const response = await ask(createWorld().app(), '/api/v1/credentials', { as: 'operator', method: 'POST', body });
    expect(response.statusCode).toBe(422);
    expect(response.body).toContain(text);
  });
  it('of another district does not exist for a limited key, and cannot be taken over', async () => {
    const world = createWorld();
    world.credentials.devices.set('gateway-1', {
      user: 'gateway-1',
      grants: ['demo-cement/*', 'far-cement/*'],
      createdAt: NOW,
    });
    const app = world.app();
    const list = await ask(app, '/api/v1/credentials', { as: 'operator-xinmi' });
    expect(fieldOf(list, 'user')).toEqual(['demo-cement/cems-1']);
    for (const user of ['far-cement%2Fcems-1', 'gateway-1']) {
      expect(
        (await ask(app, `/api/v1/credentials/${user}`, { as: 'operator-xinmi', method: 'DELETE' })).statusCode,
      ).toBe(404);
    }
    const taken = await ask(app, '/api/v1/credentials', {
      as: 'operator-xinmi',
      method: 'POST',
      body: { user: 'gateway-1', grants: ['demo-cement/*'] },
    });
    expect(taken.json()).toMatchObject({ status: 409, code: 'credential-exists' });
  });
});
