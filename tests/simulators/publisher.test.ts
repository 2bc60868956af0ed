import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireReport } from '../../contracts/report.ts';
import { brokerUrl } from '../../simulators/mqtt/mqtt-link.ts';
import { Publisher } from '../../simulators/mqtt/publisher.ts';
import { packReports, type Message } from '../../simulators/pack-reports.ts';
import { createRandom } from '../../simulators/random.ts';
import type { SentReport } from '../../simulators/report-stream.ts';
import { RecordingBroker } from './recording-broker.ts';

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

let broker: RecordingBroker;
let publisher: Publisher;
const causes: string[] = [];

beforeEach(async () => {
  broker = new RecordingBroker();
  await broker.open();
  causes.length = 0;
  publisher = new Publisher({
    url: brokerUrl(broker.url),
    clientId: 'simulator-plant-a',
    user: 'plant-a/gateway',
    password: () => 'secret',
    random: createRandom('publisher'),
    onLoss: (cause) => causes.push(cause),
  });
});

afterEach(async () => {
  publisher.stop();
  await broker.close();
});

const reportAt = (at: number, device = 'm-kiln'): SentReport => ({
  site: 'plant-a',
  device,
  at,
  report: { ts: new Date(at).toISOString(), values: { power: 1 } },
});
const messageOf = (text: string): Message => ({ topic: 'a/b', payload: text, count: 1 });
const confirmed = (count: number): Promise<void> => broker.until(() => publisher.stats().confirmed >= count);

describe('what waited', () => {
  const waited = Array.from({ length: 600 }, (_, index) => reportAt(NOW - (601 - index) * MINUTE_MS));
  const bodiesOf = (messages: readonly Message[]): (WireReport | WireReport[])[] =>
    messages.map(({ payload }) => JSON.parse(payload) as WireReport | WireReport[]);

  it('goes in arrays, oldest first and marked resent, and what is fresh alone', () => {
    const fresh = [reportAt(NOW - 2_000), reportAt(NOW)];
    const messages = packReports([...waited, ...fresh], NOW - 45_000);
    const bodies = bodiesOf(messages);
    expect(bodies.map((body) => (Array.isArray(body) ? body.length : 1))).toEqual([250, 250, 100, 1, 1]);
    expect(messages.map(({ count }) => count)).toEqual([250, 250, 100, 1, 1]);
    const reports = bodies.flat();
    expect(reports.map(({ ts }) => ts)).toEqual([...waited, ...fresh].map(({ report }) => report.ts));
    expect(reports.map(({ resent }) => resent)).toEqual([...waited.map(() => true), undefined, undefined]);
  });

  it('of several devices goes under the topic of each', () => {
    const both = waited.slice(0, 20).flatMap((report) => [report, { ...report, device: 'm-fan' }]);
    const messages = packReports(both, NOW - 45_000);
    expect(messages.map(({ topic, count }) => [topic, count])).toEqual([
      ['stackwarden/v1/plant-a/m-kiln/report', 20],
      ['stackwarden/v1/plant-a/m-fan/report', 20],
    ]);
  });
});

describe('a publisher', () => {
  it('names itself and sends in order, whatever the length', async () => {
    const texts = ['short', 'x'.repeat(200), '长'.repeat(9_000), 'y'.repeat(300_000)];
    publisher.send(texts.map(messageOf));
    publisher.start(0);
    await confirmed(4);
    expect(broker.users).toEqual(['plant-a/gateway']);
    expect(broker.taken.map(({ payload }) => payload)).toEqual(texts);
    expect(publisher.stats()).toEqual({ isConnected: true, waiting: 0, confirmed: 4, losses: 0 });
  });

  it('keeps at most twenty messages on the way, and every report until it is confirmed', async () => {
    broker.fateOf = () => 'store-silently';
    publisher.send(Array.from({ length: 50 }, (_, index) => messageOf(`${index}`)));
    publisher.start(0);
    await broker.until(() => broker.taken.length >= 20);
    expect(broker.taken).toHaveLength(20);
    expect(publisher.stats()).toMatchObject({ waiting: 50, confirmed: 0 });
  });

  it('sends again, unchanged and first, what was not confirmed when the connection was lost', async () => {
    let seen = 0;
    broker.fateOf = () => ((seen += 1) % 3 === 0 ? 'confirm' : 'store-silently');
    publisher.send(Array.from({ length: 9 }, (_, index) => messageOf(`first ${index}`)));
    publisher.start(0);
    await broker.until(() => broker.taken.length >= 9);
    await broker.close();
    publisher.send([messageOf('second')]);
    broker.fateOf = () => 'confirm';
    broker.taken.length = 0;
    await broker.open();
    await confirmed(10);
    const left = Array.from({ length: 9 }, (_, index) => index).filter((index) => (index + 1) % 3 !== 0);
    expect(broker.taken.map(({ payload }) => payload)).toEqual([...left.map((index) => `first ${index}`), 'second']);
    expect(causes.length).toBeGreaterThan(0);
  });

  it('says why it is refused, and tries again', async () => {
    let attempts = 0;
    broker.acceptsUser = () => (attempts += 1) > 2;
    publisher.send([messageOf('at last')]);
    publisher.start(0);
    await confirmed(1);
    expect(causes).toEqual([
      'the broker refused the connection: user or password is wrong',
      'the broker refused the connection: user or password is wrong',
    ]);
  });

  it('is quiet while the network is cut, and goes on when it is mended', async () => {
    publisher.start(0);
    publisher.send([messageOf('before')]);
    await confirmed(1);
    publisher.cut();
    publisher.send([messageOf('meanwhile')]);
    await broker.until(() => broker.standing === 0);
    expect([publisher.isConnected, broker.connections]).toEqual([false, 1]);
    publisher.mend(0);
    await confirmed(2);
    expect(broker.taken.map(({ payload }) => payload)).toEqual(['before', 'meanwhile']);
    expect(causes).toEqual([]);
  });

  it.each(['http://127.0.0.1:1883', 'mqtt://', 'localhost:1883', ''])('takes no other address: %s', (text) => {
    expect(() => brokerUrl(text)).toThrow(/no address of a broker: expected mqtt:/);
  });
});
