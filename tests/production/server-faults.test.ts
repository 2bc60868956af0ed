/**
 * Servers that are killed, stop in their tracks, hang as a black hole, or are slow, while devices send: nothing is lost,
 * doubled or changed, and everything goes on by itself.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it, type TestContext } from 'vitest';
import { commandBuilt } from '../end-to-end/built-command.ts';
import { killRegistry, killStream } from '../end-to-end/kill-stream.ts';
import { createOutbox, type Outbox } from '../end-to-end/outbox.ts';
import { startInflux, startKafka, type OwnInflux, type OwnServer } from '../servers/own-server.ts';
import { recordResult } from '../support/reliability-page.ts';
import { expectFindingsOfLog, expectNothingLost, expectSeriesOfLog } from './fault-check.ts';
import { startProduction, type ProductionSystem } from './production-system.ts';

const SITES = ['works-a', 'works-b', 'works-c', 'works-d'];
const MINUTES = 700;
/** Longer than the sessions and transactions of the clients, so that each of them ends. */
const HANG_MS = 15_000;
const closes: (() => Promise<unknown>)[] = [];

beforeAll(commandBuilt, 300_000);

afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
}, 120_000);

interface Servers {
  readonly kafka: OwnServer;
  readonly influx: OwnInflux;
}

interface Fault {
  readonly name: string;
  run(servers: Servers): Promise<void>;
}

async function hung(server: OwnServer): Promise<void> {
  await server.proxy.hang();
  await pause(HANG_MS);
  await server.proxy.forward();
}

async function stopped(server: OwnServer): Promise<void> {
  await server.kill('SIGSTOP');
  await pause(HANG_MS);
  await server.kill('SIGCONT');
}

async function killed(server: OwnServer): Promise<void> {
  await server.kill('SIGKILL');
  await pause(2_000);
  await server.restart();
}

async function slow(server: OwnServer): Promise<void> {
  await server.proxy.delay(150);
  await pause(HANG_MS);
  await server.proxy.forward();
}

const KAFKA: readonly Fault[] = [
  { name: 'Kafka is killed', run: ({ kafka }) => killed(kafka) },
  { name: 'Kafka is a black hole', run: ({ kafka }) => hung(kafka) },
  { name: 'Kafka stands still', run: ({ kafka }) => stopped(kafka) },
  { name: 'Kafka is slow', run: ({ kafka }) => slow(kafka) },
];
const INFLUX: readonly Fault[] = [
  { name: 'InfluxDB is killed', run: ({ influx }) => killed(influx) },
  { name: 'InfluxDB is a black hole', run: ({ influx }) => hung(influx) },
  { name: 'InfluxDB is slow', run: ({ influx }) => slow(influx) },
];

/** Sends until nothing is left, to whoever listens. */
async function sendAll(system: ProductionSystem, outbox: Outbox): Promise<void> {
  const until = Date.now() + 400_000;
  while (!outbox.isEmpty()) {
    if (Date.now() > until) throw new Error('not everything could be sent');
    await outbox.sendTo(system.mqttUrl, () => undefined).catch((refused: unknown) => refused);
    if (!outbox.isEmpty()) await pause(100);
  }
}

async function startAll(context: TestContext, transactions: boolean): Promise<Servers & { system: ProductionSystem }> {
  const kafka = await startKafka(context);
  closes.push(() => kafka.stop());
  const influx = await startInflux(context);
  closes.push(() => influx.stop());
  const system = await startProduction({
    brokers: kafka.proxy.address,
    brokersOfTest: kafka.address,
    influx: { ...influx, url: `http://${influx.proxy.address}` },
    registry: killRegistry(SITES),
    transactions,
    detectors: 2,
  });
  closes.push(() => system.stop());
  return { kafka, influx, system };
}

it.for([
  ['with transactions', true],
  ['without transactions', false],
] as const)('servers that fail in turn, %s', { timeout: 900_000 }, async ([name, transactions], context) => {
  const { system, ...servers } = await startAll(context, transactions);
  const faults = [...KAFKA, ...INFLUX];
  const stream = killStream(MINUTES * faults.length, 77, SITES);
  const sent: Outbox[] = [];
  for (const [at, fault] of faults.entries()) {
    const outbox = createOutbox(stream.slice(at * MINUTES, (at + 1) * MINUTES));
    sent.push(outbox);
    await Promise.all([sendAll(system, outbox), fault.run(servers)]);
  }
  const together: Outbox = {
    ...createOutbox([]),
    acknowledged: new Map(sent.flatMap(({ acknowledged }) => [...acknowledged])),
    sent: new Map(sent.flatMap((one) => [...one.sent])),
  };
  const logged = await expectNothingLost(system, together);
  const findings = await expectFindingsOfLog(system);
  const values = await expectSeriesOfLog(system, SITES);
  recordResult(`servers that fail in turn, ${name}`, 'npx vitest run tests/production/server-faults.test.ts', {
    counts: `${faults.map((fault) => fault.name).join(', ')}: ${String(logged)} reports acknowledged`,
    result: `0 lost; ${String(findings.length)} findings byte for byte those of the log; ${String(values)} values in InfluxDB, none missing`,
  });
  // A client that does not come back out of a black hole ends its process, which is started again.
  const unexpected = system.stages
    .flatMap(({ crashes }) => crashes)
    .filter((crash) => !crash.includes('does not come back'));
  expect(unexpected).toEqual([]);
});
