import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from './proxy.ts';

/** Long enough for whatever passes at once on loopback. */
const QUIET_MS = 200;

let server: Server;
let accepted: Socket[];
let heard: string;
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  heard = '';
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  proxy = await startProxy(address.port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  server.close();
});

async function connected(): Promise<Socket> {
  const client = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  clients.push(client);
  await once(client, 'connect');
  return client;
}

/** What comes back for `text`, and after how long. */
async function echo(client: Socket, text: string): Promise<{ readonly text: string; readonly ms: number }> {
  const beganAt = performance.now();
  let answer = '';
  client.write(text);
  while (answer.length < text.length) {
    const [bytes] = (await once(client, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    answer += bytes.toString();
  }
  return { text: answer, ms: performance.now() - beganAt };
}

/** Resolves when it closes, however. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

/** Everything that a socket does from now on, as words. */
function watch(socket: Socket): string[] {
  const events: string[] = [];
  for (const name of ['data', 'end', 'close']) socket.on(name, () => events.push(name));
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  return events;
}

describe('while it forwards', () => {
  it('passes both ways, and the end of one side without that of the other', async () => {
    const client = await connected();
    expect((await echo(client, 'hello')).text).toBe('hello');
    let rest = '';
    client.on('data', (bytes) => (rest += bytes.toString()));
    client.end('last words');
    await closed(client);
    expect([heard, rest]).toEqual(['hellolast words', 'last words']);
    expect(proxy.connections).toBe(0);
  });

  it('passes much more than it holds, whole and in order, to a receiver that is slow', async () => {
    const client = await connected();
    const sent = randomBytes(48 * 1_048_576);
    const hash = createHash('sha256');
    let received = 0;
    client.pause();
    client.end(sent);
    await pause(QUIET_MS);
    client.on('data', (bytes) => {
      hash.update(bytes);
      received += bytes.length;
    });
    client.resume();
    await once(client, 'end');
    expect(received).toBe(sent.length);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
  });

  it('resets a client whose server is not there', async () => {
    server.close();
    const client = await connected();
    const events = watch(client);
    await closed(client);
    expect(events).toEqual(['ECONNRESET', 'close']);
  });

  it('tells one side that the other was reset', async () => {
    const client = await connected();
    await echo(client, 'a');
    const events = watch(accepted[0]!);
    client.resetAndDestroy();
    await closed(accepted[0]!);
    expect(events).toContain('ECONNRESET');
    expect(proxy.connections).toBe(0);
  });
});

it('refuses as a stopped server does, and is there again on the same port', async () => {
  const before = await connected();
  await echo(before, 'a');
  const events = watch(before);
  await proxy.refuse();
  await expect(connected()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect.poll(() => events).toEqual(['ECONNRESET', 'close']);
  await proxy.forward();
  expect((await echo(await connected(), 'again')).text).toBe('again');
});

it('cuts what is open, and only that', async () => {
  const before = await connected();
  await echo(before, 'a');
  const [here, there] = [watch(before), watch(accepted[0]!)];
  proxy.cut();
  await closed(before);
  await pause(QUIET_MS);
  await expect.poll(() => [here, there.at(-1)]).toEqual([['ECONNRESET', 'close'], 'close']);
  expect((await echo(await connected(), 'again')).text).toBe('again');
});

describe('while it hangs', () => {
  it('accepts and says nothing, and the server never hears of it', async () => {
    await proxy.hang();
    const client = await connected();
    const events = watch(client);
    client.write('is anybody there');
    await pause(QUIET_MS);
    expect([events, accepted, heard]).toEqual([[], [], '']);
  });

  it('swallows both ways in connections that were open, and their ends', async () => {
    const [first, second] = [await connected(), await connected()];
    await echo(first, 'a');
    await echo(second, 'b');
    await proxy.hang();
    const events = [...[first, second], ...accepted].map(watch);
    first.write('lost');
    accepted[1]!.write('lost');
    first.end();
    accepted[0]!.resetAndDestroy();
    await pause(QUIET_MS);
    expect(heard).toBe('ab');
    expect(events).toEqual([[], [], ['close'], []]);
  });

  it('cuts afterwards what has lost something or was never connected; the rest goes on', async () => {
    const [loser, keeper] = [await connected(), await connected()];
    await echo(loser, 'a');
    await echo(keeper, 'b');
    await proxy.hang();
    const newcomer = await connected();
    loser.write('lost');
    await pause(QUIET_MS);
    const events = [loser, newcomer].map(watch);
    await proxy.forward();
    expect((await echo(keeper, 'still here')).text).toBe('still here');
    const cut = ['ECONNRESET', 'close'];
    await expect.poll(() => events).toEqual([cut, cut]);
  });

  it('loses what was on its way', async () => {
    await proxy.delay(QUIET_MS);
    const client = await connected();
    client.write('on its way');
    await pause(QUIET_MS / 2);
    await proxy.hang();
    await pause(QUIET_MS);
    const events = watch(client);
    await proxy.forward();
    await closed(client);
    expect([heard, events]).toEqual(['', ['ECONNRESET', 'close']]);
  });
});

describe('with a delay', () => {
  it('is so much later, each way', async () => {
    const client = await connected();
    await proxy.delay(150);
    const { text, ms } = await echo(client, 'there and back');
    expect(text).toBe('there and back');
    expect(ms).toBeGreaterThanOrEqual(299);
    await proxy.forward();
    expect((await echo(client, 'at once')).ms).toBeLessThan(ms);
  });

  it('does not hold up the next until the last has arrived', async () => {
    const client = await connected();
    await proxy.delay(300);
    const beganAt = performance.now();
    let answer = '';
    client.on('data', (bytes) => (answer += bytes.toString()));
    for (const digit of '01234') {
      client.write(digit);
      await pause(20);
    }
    while (answer.length < 5) await once(client, 'data');
    // One after the other it would be five times 600 ms.
    expect(performance.now() - beganAt).toBeLessThan(2_400);
    expect(answer).toBe('01234');
  });

  it('keeps the order where it becomes shorter', async () => {
    const client = await connected();
    let answer = '';
    client.on('data', (bytes) => (answer += bytes.toString()));
    await proxy.delay(300);
    client.write('1');
    await pause(50);
    await proxy.forward();
    client.write('2');
    await pause(QUIET_MS / 2);
    expect(answer).toBe('');
    while (answer.length < 2) await once(client, 'data');
    expect([heard, answer]).toEqual(['12', '12']);
  });
});
