import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WireReport } from '../../contracts/report.ts';
import { DevicePublisher } from '../../simulators/mqtt-publisher.ts';
import { createRandom } from '../../simulators/random.ts';
import type { SentReport } from '../../simulators/report-stream.ts';
import { RecordingBroker } from './recording-broker.ts';

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

let broker: RecordingBroker;
let publisher: DevicePublisher;

beforeEach(async () => {
  broker = new RecordingBroker();
  await broker.open();
  publisher = new DevicePublisher({
    url: broker.url,
    site: 'plant-a',
    device: 'm-kiln',
    now: () => NOW,
    random: createRandom('publisher'),
    onLoss: () => undefined,
  });
});

afterEach(async () => {
  await publisher.stop();
  await broker.close();
});

const reportAt = (at: number): SentReport => ({
  site: 'plant-a',
  device: 'm-kiln',
  at,
  report: { ts: new Date(at).toISOString(), values: { power: 1 } },
});

it('sends what waited in arrays, oldest first and marked resent, and what is fresh alone', async () => {
  const waited = Array.from({ length: 600 }, (_, index) => reportAt(NOW - (601 - index) * MINUTE_MS));
  publisher.push([...waited, reportAt(NOW - 2_000), reportAt(NOW)]);
  publisher.start(0);
  await publisher.drained();
  const bodies = broker.taken.map(({ payload }) => JSON.parse(payload) as WireReport | readonly WireReport[]);
  expect(bodies.map((body) => (Array.isArray(body) ? body.length : 1))).toEqual([250, 250, 100, 1, 1]);
  const reports = bodies.flat() as readonly WireReport[];
  expect(reports.map(({ ts }) => ts)).toEqual(
    [...waited, reportAt(NOW - 2_000), reportAt(NOW)].map(({ report }) => report.ts),
  );
  expect(reports.map(({ resent }) => resent)).toEqual([...waited.map(() => true), undefined, undefined]);
  expect(publisher.stats()).toMatchObject({ waiting: 0, confirmed: 602 });
});

it('keeps at most twenty messages on the way, and every report until it is confirmed', async () => {
  broker.fateOf = () => 'store-silently';
  publisher.push(Array.from({ length: 50 }, (_, index) => reportAt(NOW + index)));
  publisher.start(0);
  await broker.until(() => broker.taken.length >= 20);
  expect(broker.taken).toHaveLength(20);
  expect(publisher.stats()).toMatchObject({ waiting: 50, confirmed: 0 });
});
