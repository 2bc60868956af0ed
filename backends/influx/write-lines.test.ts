/** What the writer makes of answers that a healthy server does not give. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { InfluxDB } from '@influxdata/influxdb-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { retryAfterMs } from './influx-errors.ts';
import { OpenRequests } from './open-requests.ts';
import { LineWriter } from './write-lines.ts';

let server: Server;
let writer: LineWriter;
let requests: string[][];
let open: OpenRequests;
let answer: (lines: readonly string[], response: ServerResponse) => void;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

function refuse(response: ServerResponse, status: number, said: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
}

beforeEach(async () => {
  requests = [];
  open = new OpenRequests();
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const lines = body.split('\n');
      requests.push(lines);
      answer(lines, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { url, organisation: 'o', bucket: 'b', token: 't', writeTimeoutMs: 200 };
  writer = new LineWriter(new InfluxDB({ url, token: 't' }), settings, open);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `m a=${i} ${i}`);

/** Refuses requests that hold one of these, as the server does: with the first of them. */
function disliking(...bad: readonly string[]): typeof answer {
  return (given, response) => {
    const found = given.find((line) => bad.includes(line));
    if (found === undefined) response.writeHead(204).end();
    else refuse(response, 400, { code: 'invalid', message: `unable to parse '${found}'` });
  };
}

describe('lines that the server will not have', () => {
  it('are found by halving, and everything else is in', async () => {
    const all = lines(1_000);
    answer = disliking('m a=0 0', 'm a=517 517', 'm a=999 999');
    const refused = await writer.write(all);
    expect(refused.map(({ index }) => index)).toEqual([0, 517, 999]);
    expect(refused[1]?.reason).toBe("unable to parse 'm a=517 517'");
    // Ten halvings each.
    expect(requests.length).toBeLessThan(1 + 3 * 2 * 10);
    const taken = new Set(requests.filter((some) => !some.some((line) => /=(0|517|999) /.test(line))).flat());
    expect(taken.size).toBe(997);
  });

  it('are not looked for where the server says that it is all of them', async () => {
    answer = (given, response) => {
      refuse(response, 422, { code: 'unprocessable entity', message: `partial write: dropped ${given.length} points` });
    };
    expect(await writer.write(lines(100))).toHaveLength(100);
    expect(requests).toHaveLength(1);
  });

  it('go in requests of some thousand, however many there are', async () => {
    answer = disliking('m a=7777 7777');
    expect(await writer.write(lines(12_000))).toMatchObject([{ index: 7_777 }]);
    expect(requests.every((some) => some.length <= 5_000)).toBe(true);
    requests = [];
    const long = lines(10).map((line) => line.replace(' ', `,b="${'x'.repeat(1_000_000)}" `));
    expect(await writer.write(long)).toEqual([]);
    expect(requests.map((some) => some.length)).toEqual([4, 4, 2]);
  });
});

describe('a server that does not answer as it should', () => {
  it.each([
    [401, ConfigError, /refuses the token .* influxToken/],
    [403, ConfigError, /refuses the token/],
    [404, ConfigError, /influx bucket create --org o --name b/],
    [500, UnavailableError, /out of order/],
    [503, UnavailableError, /out of order/],
  ])('%i', async (status, kind, words) => {
    answer = (_, response) => {
      refuse(response, status, { code: 'x', message: 'out of order' });
    };
    const failure = writer.write(lines(3));
    await expect(failure).rejects.toThrow(kind);
    await expect(failure).rejects.toThrow(words);
    expect(requests).toHaveLength(1);
  });

  it('says when to come again', async () => {
    answer = (_, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end();
    };
    await expect(writer.write(lines(3))).rejects.toMatchObject({ name: 'UnavailableError', retryAfterMs: 7_000 });
  });

  it('is not blamed on the lines where it is a page of a proxy', async () => {
    answer = (_, response) => {
      response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Bad Request</h1>');
    };
    await expect(writer.write(lines(3))).rejects.toThrow(UnavailableError);
    expect(requests).toHaveLength(1);
  });

  it('is given up after the time that was set', async () => {
    answer = () => {};
    const begin = performance.now();
    await expect(writer.write(lines(3))).rejects.toThrow(/no answer in time/);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

it('is left alone at once by who ends', async () => {
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  answer = () => {
    asked();
  };
  const failure = expect(writer.write(lines(3))).rejects.toThrow(UnavailableError);
  await isAsked;
  open.endAll();
  await failure;
});

describe('Retry-After', () => {
  it('is seconds or a date, at most ten minutes', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterMs('3', now)).toBe(3_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
    expect(retryAfterMs('Thu, 01 Jan 2020 00:00:05 GMT', now)).toBe(0);
    expect(retryAfterMs('99999', now)).toBe(600_000);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });
});
