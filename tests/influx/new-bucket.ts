/** A bucket for one test alone, on the server that the environment names or one of the test's own. */
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import type { InfluxAddress } from '../servers/addresses.ts';

async function ask(
  { url, token }: InfluxAddress,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** @param keepSeconds absent = for ever */
export async function newBucket(address: InfluxAddress, keepSeconds = 0): Promise<InfluxSettings> {
  const { url, organisation, token } = address;
  const found = await ask(address, `/api/v2/orgs?${new URLSearchParams({ org: organisation }).toString()}`);
  const orgID = (JSON.parse(found.text) as { orgs: { id: string }[] }).orgs[0]?.id;
  const bucket = `test-${crypto.randomUUID()}`;
  const retentionRules = keepSeconds === 0 ? [] : [{ type: 'expire', everySeconds: keepSeconds }];
  const made = await ask(address, '/api/v2/buckets', { orgID, name: bucket, retentionRules });
  if (made.status !== 201) throw new Error(`no bucket: ${made.text}`);
  return { url, organisation, bucket, token };
}

const LONG_AGO = '1700-01-01T00:00:00Z';

/** All points: measurement, tags, time and each field, one line a value, sorted. */
export async function dump({ url, organisation, bucket, token }: InfluxSettings): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v2/query?${new URLSearchParams({ org: organisation }).toString()}`, {
    method: 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json', accept: 'application/csv' },
    body: JSON.stringify({
      query: `from(bucket: "${bucket}") |> range(start: ${LONG_AGO}, stop: 2200-01-01T00:00:00Z) |> drop(columns: ["_start", "_stop"])`,
      dialect: { header: true, annotations: ['group', 'datatype'] },
    }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  let columns = '';
  let types = '';
  const lines: string[] = [];
  for (const line of csvLines(text)) {
    if (line.startsWith('#datatype')) types = line.slice(line.indexOf(',', '#datatype,string,long'.length));
    else if (line.startsWith(',result,')) columns = line.slice(',result,table'.length);
    else if (line.startsWith(',')) lines.push(`${types}|${columns}|${line.split(',').slice(3).join(',')}`);
  }
  return lines.sort();
}

/** A line of CSV goes on where a quote is open. */
function csvLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of text.split('\r\n')) {
    open = open === '' ? line : `${open}\r\n${line}`;
    if ((open.split('"').length - 1) % 2 === 1) continue;
    lines.push(open);
    open = '';
  }
  return lines;
}
