/** What Grafana is given may read the bucket and nothing else; making the tokens again changes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, it, type TestContext } from 'vitest';
import { makeTokens } from '../../deploy/influx/make-tokens.mjs';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { needInflux } from '../servers/addresses.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

type Influx = Parameters<typeof makeTokens>[0];

/** A bucket of one's own in the server of the tests, whose token must be allowed to make one. */
async function needNewBucket(context: TestContext): Promise<Influx> {
  const { url, organisation: org, token: admin } = needInflux(context);
  const influx = { url, org, bucket: `deploy-${randomUUID()}`, admin };
  try {
    await makeTokens(influx, join(folder, 'first'));
  } catch (error) {
    if (/answered 40[13]/.test(String(error))) context.skip('the token may not make buckets and tokens');
    throw error;
  }
  return { ...influx, bucket: `deploy-${randomUUID()}` };
}

it('makes a bucket and two tokens, once', async (context) => {
  const influx = await needNewBucket(context);
  const { url, org, bucket } = influx;
  expect(await makeTokens(influx, folder)).toEqual(['stackwarden', 'grafana']);
  const tokenOf = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const before = tokenOf('stackwarden');

  const post = async (path: string, name: string, body: string, type: string): Promise<number> => {
    const headers = { authorization: `Token ${tokenOf(name)}`, 'content-type': type };
    const { status } = await fetch(new URL(path, url), { method: 'POST', headers, body });
    return status;
  };
  const write = (name: string, to = bucket): Promise<number> => {
    const where = new URLSearchParams({ org, bucket: to }).toString();
    return post(`/api/v2/write?${where}`, name, 'report,site=a value=1', 'text/plain');
  };
  const read = (name: string): Promise<number> => {
    const flux = `from(bucket: "${bucket}") |> range(start: -1h)`;
    return post(`/api/v2/query?org=${encodeURIComponent(org)}`, name, flux, 'application/vnd.flux');
  };
  expect([await write('stackwarden'), await read('stackwarden')]).toEqual([204, 200]);
  expect([await write('grafana'), await read('grafana')]).toEqual([403, 200]);

  expect(await makeTokens(influx, folder)).toEqual([]);
  expect(tokenOf('stackwarden')).toBe(before);
});

it('makes anew what does not work any more', async (context) => {
  const influx = await needNewBucket(context);
  const path = join(folder, 'again');
  await makeTokens(influx, path);
  const own = temporaryFolder();
  writeFileSync(join(own.folder, 'stackwarden'), readFileSync(join(path, 'stackwarden')));
  writeFileSync(join(own.folder, 'grafana'), 'withdrawn');
  expect(await makeTokens(influx, own.folder)).toEqual(['grafana']);
  own.remove();
});
