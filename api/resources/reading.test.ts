import { describe, expect, it } from 'vitest';
import { ask, fieldOf } from '../../tests/support/ask.ts';
import { createWorld, finding, HOUR, NOW } from '../../tests/support/api-world.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { RULE_EXAMPLE } from './rules.ts';

const FROM = '2026-11-22T08:00:00%2B08:00';
const SERIES = `/api/v1/sites/demo-cement/signals/cems-1.so2/data`;

describe('sites', () => {
  it('are listed with their statuses, page by page', async () => {
    const app = createWorld().app();
    const first = await ask(app, '/api/v1/sites?limit=1', { as: 'watch' });
    expect(first.json()).toMatchObject({ items: [{ id: 'demo-cement', grade: 'B', guaranteed: false }] });
    expect(first.headers['link']).toBe(`</api/v1/sites?limit=1&cursor=${first.json().next}>; rel="next"`);
    const second = await ask(app, `/api/v1/sites?limit=1&cursor=${first.json().next}`, { as: 'watch' });
    expect(second.json()).toMatchObject({ items: [{ id: 'far-cement' }], next: null });
    expect(second.headers['link']).toBeUndefined();
  });
  it.each([
    ['district=dengfeng', ['far-cement']],
    ['industry=cement,steel', ['demo-cement', 'far-cement']],
    ['industry=steel', []],
    ['q=%E8%BF%9C%E6%96%B9', ['far-cement']],
    ['q=DEMO', ['demo-cement']],
  ])('are found by %s', async (query, ids) => {
    const response = await ask(createWorld().app(), `/api/v1/sites?${query}`, { as: 'analyst' });
    expect(fieldOf(response)).toEqual(ids);
  });
  it('are shown one by one with devices, their newest values, limits and the orders in force', async () => {
    const site = (await ask(createWorld().app(), '/api/v1/sites/demo-cement', { as: 'watch' })).json();
    expect(site.devices[0]).toMatchObject({ id: 'cems-1', every: 'PT1M', latest: { ts: '2026-11-22T11:59:00+08:00' } });
    expect(site.devices[1].latest).toBeNull();
    expect(site.outlets[0].limits[0]).toMatchObject({ max: 100, from: '2024-01-01T00:00:00+08:00', to: null });
    expect(site.orders).toEqual(['O-own', 'O-both']);
    expect(site.contacts).toHaveLength(1);
  });
  it('keep their contacts from analysts', async () => {
    const response = await ask(createWorld().app(), '/api/v1/sites/demo-cement', { as: 'analyst' });
    expect(response.json().contacts).toBeUndefined();
    expect(response.body).not.toContain('0371');
  });
  it('tell their newest values with units', async () => {
    const response = await ask(createWorld().app(), '/api/v1/sites/demo-cement/latest', { as: 'watch' });
    expect(response.json().items).toEqual([
      {
        ...{ device: 'cems-1', signal: 'so2', unit: 'mg/m³', ts: '2026-11-22T11:59:00+08:00' },
        ...{ period: null, value: 23.9, flag: 'N', received: '2026-11-22T11:59:01+08:00' },
      },
    ]);
  });
});

describe('a series', () => {
  it('comes raw with flag, receipt and revision', async () => {
    const series = (
      await ask(createWorld().app(), `${SERIES}?from=${FROM}&to=2026-11-22T08:02:00%2B08:00`, { as: 'watch' })
    ).json();
    expect(series).toMatchObject({
      site: 'demo-cement',
      device: 'cems-1',
      signal: 'so2',
      unit: 'mg/m³',
      kind: 'raw',
      every: null,
    });
    expect(series.items).toEqual([
      {
        ts: '2026-11-22T08:00:00+08:00',
        period: null,
        value: 0,
        flag: 'M',
        received: '2026-11-22T08:00:01+08:00',
        revision: 0,
      },
      {
        ts: '2026-11-22T08:01:00+08:00',
        period: null,
        value: 0.1,
        flag: 'N',
        received: '2026-11-22T08:01:01+08:00',
        revision: 0,
      },
    ]);
  });
  it('is rolled up with the functions asked for; a gap stays a gap', async () => {
    const query = `from=${FROM}&to=2026-11-22T10:00:00%2B08:00&every=PT30M&fn=mean,count`;
    const series = (await ask(createWorld().app(), `${SERIES}?${query}`, { as: 'watch' })).json();
    expect(series).toMatchObject({ kind: 'rolled', every: 'PT30M' });
    expect(series.items).toEqual([
      { start: '2026-11-22T08:00:00+08:00', mean: 1.45, count: 30, flagged: 1 },
      { start: '2026-11-22T08:30:00+08:00', mean: 4.45, count: 30, flagged: 0 },
      { start: '2026-11-22T09:30:00+08:00', mean: 10.45, count: 30, flagged: 0 },
    ]);
  });
  it('ends now unless said, and reads a + that became a space', async () => {
    const world = createWorld();
    const response = await ask(world.app(), `${SERIES}?from=2026-11-22T08:00:00+08:00&every=P1D`, { as: 'watch' });
    expect(response.statusCode, response.body).toBe(200);
    expect(world.readModel.seriesQueries).toMatchObject([{ fromAt: NOW - 4 * HOUR, toAt: NOW, everyMs: 86_400_000 }]);
  });
  it('is asked for one period when one is wanted', async () => {
    const world = createWorld();
    const app = world.app();
    await ask(app, `${SERIES}?from=${FROM}&period=PT1H`, { as: 'watch' });
    await ask(app, `${SERIES}?from=${FROM}&period=instant`, { as: 'watch' });
    expect(world.readModel.seriesQueries.map(({ periodMs }) => periodMs)).toEqual([HOUR, 0]);
  });
  it.each([
    ['every=PT1S', 'shorten the range', 422],
    ['every=P1M', 'without months or years', 400],
    ['every=10m', 'ISO 8601', 400],
    ['fn=mean', '`fn` needs `every`', 400],
    ['every=PT1H&fn=median', 'must be one of mean, min', 400],
    ['to=2026-11-22T08:00:00%2B08:00', 'must be later', 400],
    ['to=2026-11-22T09:00:00', 'expected RFC 3339 with offset', 400],
  ])('with %s is refused: %s', async (query, text, status) => {
    const response = await ask(createWorld().app(), `${SERIES}?from=${FROM}&${query}`, { as: 'watch' });
    expect(response.statusCode).toBe(status);
    if (status === 400) expect(response.json().detail).toContain(text);
  });
  it('that is too long says which roll-up would do', async () => {
    const world = createWorld();
    const app = world.app({ settings: { requestsPerMinute: 1_000, rawPoints: 100, rolledPoints: 100 } });
    const raw = await ask(app, `${SERIES}?from=${FROM}`, { as: 'watch' });
    expect(raw.statusCode).toBe(422);
    expect(raw.json()).toMatchObject({ code: 'range-too-large', every: 'PT5M', maxPoints: 100 });
    expect(raw.json().detail).toContain('every=PT5M');
    const rolled = await ask(app, `${SERIES}?from=${FROM}&every=PT1M`, { as: 'watch' });
    expect(rolled.json()).toMatchObject({ code: 'range-too-large', every: 'PT5M' });
    expect((await ask(app, `${SERIES}?from=${FROM}&every=PT5M`, { as: 'watch' })).statusCode).toBe(200);
  });
  it('of text cannot be rolled up', async () => {
    const url = `/api/v1/sites/demo-cement/signals/cam-1.picture-hash/data?from=${FROM}`;
    const app = createWorld().app();
    expect((await ask(app, url, { as: 'watch' })).statusCode).toBe(200);
    expect((await ask(app, `${url}&every=PT1H`, { as: 'watch' })).json()).toMatchObject({
      status: 422,
      code: 'roll-up-impossible',
    });
  });
  it.each([
    'nowhere/signals/cems-1.so2',
    'demo-cement/signals/cems-9.so2',
    'demo-cement/signals/cems-1.so3',
    'demo-cement/signals/cems-1',
  ])('of sites/%s is not found', async (path) => {
    const response = await ask(createWorld().app(), `/api/v1/sites/${path}/data?from=${FROM}`, { as: 'watch' });
    expect(response.statusCode).toBe(404);
  });
});

describe('means', () => {
  it('are those of a site in a range', async () => {
    const app = createWorld().app();
    const url = `/api/v1/means?site=demo-cement&outlet=kiln-tail&signal=nox&average=PT1H&from=${FROM}`;
    expect((await ask(app, url, { as: 'watch' })).json()).toMatchObject({
      items: [{ converted: 104.6, verdict: 'over' }],
      next: null,
    });
    expect((await ask(app, url.replace('PT1H', 'P1D'), { as: 'watch' })).json().items).toEqual([]);
    expect((await ask(app, '/api/v1/means?site=demo-cement', { as: 'watch' })).json().detail).toContain('from');
  });
});

describe('findings', () => {
  it.each([
    ['', ['f-own', 'f-far']],
    ['rule=limit.hour', ['f-far']],
    ['category=exceedance,falsification', ['f-own', 'f-far']],
    ['category=exceedance&category=order', ['f-far']],
    ['state=closed', ['f-own']],
    ['severity=critical', []],
    ['site=demo-cement&district=dengfeng', []],
    ['from=2026-11-22T09:30:00%2B08:00', ['f-far']],
    ['to=2026-11-22T08:00:00%2B08:00', []],
  ])('filtered by "%s" are %j', async (query, ids) => {
    const response = await ask(createWorld().app(), `/api/v1/findings?${query}`, { as: 'watch' });
    expect(response.statusCode, response.body).toBe(200);
    expect(fieldOf(response)).toEqual(ids);
  });
  it('have links to the series and means that made them', async () => {
    const app = createWorld().app();
    const { links, ...rest } = (await ask(app, '/api/v1/findings/f-own', { as: 'watch' })).json();
    expect(rest).toEqual(finding({ id: 'f-own', revision: 2, state: 'closed', end: '2026-11-22T09:00:00+08:00' }));
    expect(links.rule).toBe('/api/v1/rules/falsification.frozen');
    expect(links.series).toHaveLength(1);
    for (const link of [links.site, links.revisions, ...links.series, ...links.means]) {
      expect((await ask(app, link, { as: 'watch' })).statusCode, link).toBe(200);
    }
  });
  it('of a line link to its meters', async () => {
    const world = createWorld();
    world.readModel.findingLog.push(finding({ id: 'f-line', subject: { order: 'O-own', line: 'kiln-1' } }));
    const { links } = (await ask(world.app(), '/api/v1/findings/f-line', { as: 'watch' })).json();
    expect(links.order).toBe('/api/v1/orders/O-own');
    expect(links.series).toEqual([expect.stringContaining('/signals/m-kiln.power/data?from=2026-11-22T07')]);
  });
  it('keep all their revisions', async () => {
    const response = await ask(createWorld().app(), '/api/v1/findings/f-own/revisions', { as: 'watch' });
    expect(fieldOf(response, 'revision')).toEqual([1, 2]);
  });
  it('that are not there are a problem, in the language of the reader', async () => {
    const app = createWorld().app();
    const zh = await ask(app, '/api/v1/findings/none', { as: 'watch', headers: { 'accept-language': 'zh-CN' } });
    expect(zh.statusCode).toBe(404);
    expect(zh.headers).toMatchObject({
      'content-language': 'zh',
      'content-type': expect.stringContaining('application/problem+json'),
    });
    expect(zh.json()).toMatchObject({ title: '未找到', detail: '没有可见的线索 "none"' });
    const en = await ask(app, '/api/v1/findings/none/revisions', { as: 'watch' });
    expect(en.json()).toMatchObject({ title: 'Not found', detail: 'there is no finding "none" that this key may see' });
  });
  it('cannot be read while storage refuses, and the reader is told when to come back', async () => {
    const world = createWorld();
    world.readModel.failure = new UnavailableError('database is locked');
    const response = await ask(world.app(), '/api/v1/findings', { as: 'watch' });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.body).not.toContain('locked');
  });
});

describe('other formats', () => {
  const csv = { accept: 'text/csv' };
  it('CSV of findings has a column for each part, and no formula', async () => {
    const world = createWorld();
    world.readModel.findingLog = [finding({ title: { zh: '=1+1', en: 'a, "b"' } })];
    const response = await ask(world.app(), '/api/v1/findings', { as: 'watch', headers: csv });
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, line, end] = response.body.split('\r\n');
    expect(header).toMatch(/^id,rule,ruleVersion,category,site,district,subject.outlet,/);
    expect(line).toContain(`,'=1+1,"a, ""b""",`);
    expect(line).toContain('"{""value"":12.3,');
    expect(end).toBe('');
    expect(response.body.charCodeAt(0)).not.toBe(0xfeff);
  });
  it('CSV and NDJSON name the next page in the Link header', async () => {
    const app = createWorld().app();
    for (const accept of ['text/csv', 'application/x-ndjson']) {
      const response = await ask(app, '/api/v1/findings?limit=1', { as: 'watch', headers: { accept } });
      expect(response.headers['link']).toBe('</api/v1/findings?limit=1&cursor=1>; rel="next"');
    }
  });
  it('CSV of a series has the functions asked for as columns', async () => {
    const response = await ask(createWorld().app(), `${SERIES}?from=${FROM}&every=PT2H&fn=max`, {
      as: 'watch',
      headers: csv,
    });
    expect(response.body).toBe(
      'start,max,flagged\r\n2026-11-22T08:00:00+08:00,11.9,1\r\n2026-11-22T10:00:00+08:00,23.9,0\r\n',
    );
  });
  it('NDJSON is one item a line, also where the answer is long enough to be streamed', async () => {
    const world = createWorld();
    const points = Array.from({ length: 5_000 }, (_, i) => ({
      ts: NOW - HOUR + i,
      periodMs: 0,
      value: i,
      flag: 'N',
      received: NOW,
      revision: 0,
    }));
    world.readModel.raw.set('demo-cement/cems-1.so2', points);
    const headers = { accept: 'application/x-ndjson' };
    const response = await ask(world.app(), `${SERIES}?from=2026-11-22T11:00:00%2B08:00`, { as: 'watch', headers });
    const lines = response.body.trimEnd().split('\n');
    expect(lines).toHaveLength(5_000);
    expect(JSON.parse(lines[4_999] ?? '')).toMatchObject({ value: 4_999 });
    const json = await ask(world.app(), `${SERIES}?from=2026-11-22T11:00:00%2B08:00`, { as: 'watch' });
    expect(json.json().items).toHaveLength(5_000);
  });
  it('that cannot be given are refused with those that can', async () => {
    const app = createWorld().app();
    const response = await ask(app, '/api/v1/findings', { as: 'watch', headers: { accept: 'text/html' } });
    expect(response.statusCode).toBe(406);
    expect(response.json().detail).toContain('text/csv');
    expect((await ask(app, '/api/v1/findings/f-own', { as: 'watch', headers: csv })).statusCode).toBe(406);
  });
});

describe('rules', () => {
  it('are listed and shown', async () => {
    const world = createWorld();
    world.readModel.ruleList = [RULE_EXAMPLE];
    const app = world.app();
    expect((await ask(app, '/api/v1/rules', { as: 'analyst' })).json()).toEqual({ items: [RULE_EXAMPLE], next: null });
    expect((await ask(app, '/api/v1/rules/falsification.frozen', { as: 'analyst' })).json()).toEqual(RULE_EXAMPLE);
    expect((await ask(app, '/api/v1/rules/none', { as: 'analyst' })).statusCode).toBe(404);
  });
});
