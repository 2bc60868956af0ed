/** kill -9 of any stage at any moment, while devices send through a balancer: with transactions and without. */
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { commandBuilt } from '../end-to-end/built-command.ts';
import { killRegistry, killStream } from '../end-to-end/kill-stream.ts';
import { createOutbox, type Outbox } from '../end-to-end/outbox.ts';
import { needKafka } from '../servers/addresses.ts';
import { recordResult } from '../support/reliability-page.ts';
import { createRandom } from '../support/seeded-random.ts';
import { expectFindingsOfLog, expectNothingLost } from './fault-check.ts';
import { startProduction, type ProductionSystem } from './production-system.ts';

/** Of both ways together. */
const CYCLES = Number(process.env['STACKWARDEN_TEST_FAULT_CYCLES'] ?? 50);
const SITES = ['works-a', 'works-b', 'works-c', 'works-d', 'works-e', 'works-f'];
const MINUTES_A_CYCLE = 12;
const SHORTEST_MINUTES = 540;
const SEED = 20_261_123;
const SEND_WITHIN_MS = 60_000 + CYCLES * 10_000;

beforeAll(commandBuilt, 300_000);

/** Sends everything, to whoever listens; after some acknowledgements a stage is killed, whichever. */
async function sendAndKill(system: ProductionSystem, outbox: Outbox, kills: number): Promise<string[]> {
  const random = createRandom(SEED + kills);
  const messages = Math.max(SHORTEST_MINUTES, kills * MINUTES_A_CYCLE) * SITES.length * 3;
  const victims: string[] = [];
  const nextAfter = (): number => 1 + random.below(Math.floor((1.6 * messages) / Math.max(1, kills)));
  let left = nextAfter();
  const until = Date.now() + SEND_WITHIN_MS;
  while (!outbox.isEmpty()) {
    if (Date.now() > until)
      throw new Error(`not everything could be sent: ${system.stages.flatMap(({ crashes }) => crashes).join('\n')}`);
    await outbox
      .sendTo(system.mqttUrl, () => {
        left -= 1;
        if (left > 0 || victims.length >= kills) return;
        left = nextAfter();
        const victim = random.pick(system.stages);
        victims.push(victim.name);
        victim.kill('SIGKILL');
      })
      // Nobody listens just now: tried again at once, as a device does.
      .catch((refused: unknown) => refused);
  }
  return victims;
}

describe.each([
  ['with transactions', true],
  ['without transactions', false],
])('kill -9 of any stage, %s', (name, transactions) => {
  const kills = Math.ceil(CYCLES / 2);

  it(
    `loses, doubles and changes nothing in ${String(kills)} kills`,
    { timeout: SEND_WITHIN_MS + 500_000 },
    async (context: TestContext) => {
      const brokers = needKafka(context);
      const system = await startProduction({ brokers, registry: killRegistry(SITES), transactions });
      const outbox = createOutbox(killStream(Math.max(SHORTEST_MINUTES, kills * MINUTES_A_CYCLE), SEED, SITES));
      let findings: readonly string[] = [];
      let logged = 0;
      let victims: string[] = [];
      try {
        victims = await sendAndKill(system, outbox, kills);
        logged = await expectNothingLost(system, outbox);
        findings = await expectFindingsOfLog(system);
      } finally {
        const ended = await system.stop();
        expect(ended.filter(({ code, ms }) => code !== 0 || ms > 10_500)).toEqual([]);
      }
      expect(victims.length).toBe(kills);
      expect(system.stages.flatMap(({ crashes }) => crashes)).toEqual([]);
      recordResult(`kill -9 of any stage on Kafka, ${name}`, 'npm run test:faults', {
        counts: `${String(kills)} kills of ${String(system.stages.length)} processes, ${String(logged)} reports acknowledged`,
        result: `0 lost, 0 invented; ${String(findings.length)} findings byte for byte those of the log, none lost, none doubled`,
      });
    },
  );
});
