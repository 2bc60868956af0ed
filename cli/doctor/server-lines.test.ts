/** What was seen becomes lines: each thing wrong once. */
import { describe, expect, it } from 'vitest';
import type { InfluxFacts } from '../../backends/influx/look-at-influx.ts';
import type { KafkaFacts, WaitingPartition } from '../../backends/kafka/look/look-at-kafka.ts';
import { AccessError } from '../../backends/kafka/access-error.ts';
import type { KafkaLogin } from '../../backends/kafka/kafka-settings.ts';
import type { BrokerFacts } from '../../backends/mqtt/look-at-broker.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Check } from './check.ts';
import { backlogLine, detectLine, formatAge, intakeLine, registryLine } from './flow-lines.ts';
import { influxLines } from './influx-lines.ts';
import { accessLine, brokersLine, kafkaClientLine, threadsLine, topicsLines } from './kafka-lines.ts';
import { sourceLine } from './source-line.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const MINUTE_MS = 60_000;
const CONFIG = { 'cleanup.policy': 'delete', 'retention.ms': '1000', 'max.message.bytes': '9', 'segment.ms': '5' };
const PLANNED = { plans: [{ name: 'p.log', partitions: 2, config: CONFIG }], replicas: 2, bootstrap: 'k:9092' };
const told = ({ ok, name, detail, remedy }: Check): string =>
  `${ok ? 'ok' : 'WRONG'} ${name}: ${detail} → ${remedy ?? ''}`;

function partitions(number: number, change: object = {}) {
  return Array.from({ length: number }, (_, partition) => ({
    partition,
    leader: 1,
    replicas: 2,
    inSync: 2,
    ...change,
  }));
}

const there = (number = 2, change: object = {}): KafkaFacts['cluster'] => ({
  brokers: new Map([
    [1, { host: 'k', port: 9_092 }],
    [2, { host: 'l', port: 9_092 }],
  ]),
  topics: new Map([['p.log', { name: 'p.log', partitions: partitions(number, change) }]]),
});

const facts = (change: Partial<KafkaFacts> = {}): KafkaFacts => ({
  brokers: new Map([
    ['k:9092', undefined],
    ['l:9092', undefined],
  ]),
  cluster: there(),
  configs: new Map([['p.log', new Map(Object.entries(CONFIG))]]),
  detect: { state: 'Stable', members: ['one/host'] },
  lag: [],
  backlog: [],
  newest: new Map([[0, NOW - 5_000]]),
  ...change,
});

const topics = (change: Partial<KafkaFacts>): string => topicsLines(facts(change), PLANNED).map(told).join('\n');
const waits = (partition: number, waiting: number, ageMs: number): WaitingPartition => ({
  partition,
  waiting,
  oldestAt: NOW - ageMs,
});

describe('the lines about the client', () => {
  it('hold the threads against what stages need', () => {
    expect(['16', '8', '7', '', 'many', undefined].map((size) => threadsLine(size).ok)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('tell a client that is not there from one that leaks', () => {
    expect(kafkaClientLine({ problem: undefined, leaks: false }).ok).toBe(true);
    expect(told(kafkaClientLine({ problem: undefined, leaks: true }))).toMatch(/loses memory.*build:kafka/);
    expect(told(kafkaClientLine({ problem: 'no node-rdkafka', leaks: false }))).toMatch(
      /^WRONG client: no node-rdkafka/,
    );
  });
});

describe('the lines about brokers and topics', () => {
  it('are content with what is as planned, however it is tidied up', () => {
    expect(brokersLine(facts(), PLANNED).ok).toBe(true);
    const configs = new Map([['p.log', new Map(Object.entries({ ...CONFIG, 'segment.ms': '6' }))]]);
    expect(topics({ configs })).toBe('ok topics: 1 as planned, up to 2 partitions, 2 copies of each → ');
  });

  it('name the broker that is away, too few of them, and copies on one alone', () => {
    const brokers = new Map([
      ['k:9092', new UnavailableError('k:9092 takes no connection (ECONNREFUSED)')],
      ['l:9092', undefined],
    ] as const);
    expect(told(brokersLine(facts({ brokers }), PLANNED))).toMatch(
      /^WRONG brokers: 1 of 2 do not answer: k:9092 takes/,
    );
    expect(told(brokersLine(facts(), { ...PLANNED, replicas: 3 }))).toMatch(/fewer than kafkaReplicas \(3\).*to 2/);
    expect(told(brokersLine(facts(), { ...PLANNED, replicas: 1 }))).toMatch(/^WRONG .*kafkaReplicas is 1.*to 2/);
  });

  it('say what to do where a broker is there and does not let us in', () => {
    const refused = new AccessError('k:9093 speaks TLS on this port', 'set kafkaTls: true');
    const one = new Map([['k:9093', refused]]);
    expect(told(brokersLine(facts({ brokers: one, cluster: undefined }), PLANNED))).toBe(
      'WRONG brokers: 1 of 1 cannot be used: k:9093 speaks TLS on this port → set kafkaTls: true',
    );
    const both = new Map([...one, ['l:9092', new UnavailableError('l:9092 takes no connection')]]);
    expect(told(brokersLine(facts({ brokers: both }), PLANNED))).toMatch(
      /2 of 2 cannot be used: .* → set kafkaTls: true; start it, or/,
    );
  });

  it('warn of a password that goes over the line as it is', () => {
    const login: KafkaLogin = { mechanism: 'PLAIN', user: 'me', password: 'secret' };
    expect(accessLine(undefined)).toBeUndefined();
    const said = [
      { login },
      { login, tls: {} },
      { login: { ...login, mechanism: 'SCRAM-SHA-512' as const } },
      { tls: {} },
    ]
      .map((access) => accessLine(access))
      .map((line) => (line === undefined ? '' : told(line)));
    expect(said).toEqual([
      expect.stringMatching(/^WRONG access: .*plain text, as me \(PLAIN\).*reads the password → set kafkaTls: true/),
      'ok access: to Kafka by TLS, as me (PLAIN) → ',
      'ok access: to Kafka in plain text, as me (SCRAM-SHA-512) → ',
      'ok access: to Kafka by TLS, without a login → ',
    ]);
    expect(said.join()).not.toContain('secret');
  });

  it('name each difference of a topic with what sets it', () => {
    expect(topics({ cluster: there(3) })).toMatch(
      /^WRONG topic: p.log has 3 partitions, planned 2 → set kafkaPartitions/,
    );
    expect(topics({ cluster: there(2, { replicas: 1, inSync: 1 }) })).toMatch(/has 1 copies, kafkaReplicas is 2 → /);
    expect(topics({ cluster: there(2, { inSync: 1 }) })).toMatch(/partition 0, 1 are in sync → .*--topic p.log/);
    expect(topics({ cluster: there(2, { leader: -1 }) })).toMatch(/no broker leads partition 0, 1/);
    const configs = new Map([['p.log', new Map(Object.entries({ ...CONFIG, 'retention.ms': '7' }))]]);
    expect(topics({ configs })).toBe(
      'WRONG topic: p.log: retention.ms is 7, planned 1000 → kafka-configs.sh --bootstrap-server k:9092 --alter ' +
        '--entity-type topics --entity-name p.log --add-config retention.ms=1000',
    );
  });

  it('say what could not be looked at', () => {
    expect(topics({ configs: new Error('error 29') })).toMatch(
      /^WRONG topics: their settings were not looked at: error 29/,
    );
    expect(topics({ configs: new Map([['p.log', new Map()]]) })).toMatch(/the broker does not say cleanup.policy, /);
    expect(topics({ cluster: undefined })).toMatch(/^WRONG topics: not looked at: no broker answers/);
    const none = { brokers: new Map(), topics: new Map() };
    expect(topics({ cluster: none })).toMatch(/^ok topics: not there yet/);
  });
});

describe('the lines about what flows', () => {
  it('judge detection by members and by the oldest that waits', () => {
    const detect = (change: Partial<KafkaFacts>): string => told(detectLine(facts(change), NOW));
    expect(detect({})).toBe('ok detect: 1 members (Stable), nothing waits → ');
    expect(detect({ lag: [waits(3, 7, 60_000), waits(1, 0, 0)] })).toMatch(
      /^ok .*unprocessed 60 s; partitions wait: 3: 7/,
    );
    const late = detect({ lag: [waits(3, 7, 60_001), waits(4, 1, 5 * MINUTE_MS)] });
    expect(late).toMatch(
      /^WRONG detect: .* oldest unprocessed 5 min; partitions wait: 4: 1 since 5 min, 3: 7 since 60 s → /,
    );
    const many = Array.from({ length: 9 }, (_, partition) => waits(partition, 1, 0));
    expect(detect({ lag: many })).toMatch(/ and 3 more/);
    const nobody = { state: 'Empty', members: [] };
    expect(detect({ detect: nobody })).toMatch(/^WRONG detect: nobody detects \(the group is Empty\) → start/);
    expect(detect({ detect: nobody, newest: new Map() })).toMatch(/^ok detect: nobody detects, and nothing/);
    expect(detect({ lag: new Error('away') })).toMatch(/^WRONG detect: not looked at: away/);
  });

  it('lets late reports wait while somebody moves them', () => {
    const backlog = [waits(0, 40, 3 * 3_600_000)];
    expect(told(backlogLine(facts({ backlog }), NOW))).toBe(
      'ok backlog: 40 reports that came late wait, the oldest since 3.0 h → ',
    );
    expect(backlogLine(facts({ backlog, detect: { state: 'Dead', members: [] } }), NOW).ok).toBe(false);
  });

  it('judge intake by ticks alone', () => {
    expect(intakeLine(facts(), [], NOW)).toMatchObject({ ok: true });
    expect(told(intakeLine(facts(), [0], NOW))).toMatch(
      /^WRONG intake: nobody takes in.*any partition; newest record 5 s old/,
    );
    expect(intakeLine(facts({ newest: new Map() }), [], NOW)).toMatchObject({ ok: true });
    expect(intakeLine(facts(), new Error('late'), NOW)).toMatchObject({ ok: false });
  });

  it('name the registry', () => {
    expect(told(registryLine({ digest: 'abc', at: NOW - 3 * 86_400_000 }, NOW))).toBe(
      'ok registry: registry abc, since 2026-02-26T00:00:00.000Z (3.0 days) → ',
    );
    expect(registryLine(undefined, NOW).ok).toBe(false);
    expect([-5_000, 119_000, 7_100_000, 47 * 3_600_000].map(formatAge)).toEqual(['0 s', '119 s', '118 min', '47.0 h']);
  });
});

describe('the lines about InfluxDB', () => {
  const settings = { url: 'http://i', organisation: 'o', bucket: 'b', token: 't' };
  const well: InfluxFacts = {
    trouble: undefined,
    version: 'v2.7.12',
    aheadMs: -400,
    keepsMs: 10 * 86_400_000,
    readRefusal: undefined,
    writeRefusal: undefined,
  };
  const wrong = (change: Partial<InfluxFacts>): string =>
    influxLines({ ...well, ...change }, settings, 10)
      .filter(({ ok }) => !ok)
      .map(told)
      .join('\n');

  it('are content with what is enough', () => {
    expect([wrong({}), wrong({ keepsMs: 0 }), wrong({ aheadMs: 10_000 }), wrong({ aheadMs: undefined })]).toEqual(
      Array(4).fill(''),
    );
  });

  it('name what is wrong', () => {
    expect(wrong({ trouble: 'ECONNREFUSED' })).toMatch(/^WRONG influx: http:\/\/i does not answer: ECONNREFUSED/);
    expect(wrong({ version: 'v3.0.0' })).toMatch(/^WRONG influx: .*v3/);
    expect(wrong({ aheadMs: -30_000 })).toMatch(/^WRONG skew: .* 30.0 s behind/);
    expect(wrong({ keepsMs: 9 * 86_400_000 })).toMatch(/^WRONG bucket: b keeps 9 days, retainSampleDays is 10/);
    expect(wrong({ keepsMs: undefined })).toMatch(
      /has no bucket b.*influx bucket create --org o --name b --retention 10d/,
    );
    expect(wrong({ writeRefusal: 'no' })).toMatch(/^WRONG token: may not write: no → influx auth create/);
  });
});

describe('the line about a broker', () => {
  const well: BrokerFacts = {
    trouble: undefined,
    keptSeconds: 604_800,
    receiveMaximum: 20,
    highestQos: 2,
    hasSharedSubscriptions: false,
  };
  it('names what it does not grant', () => {
    expect(told(sourceLine(well, 'mqtt://m', 1))).toMatch(/^ok source: .* keeps for 7 days .* takes 20 messages/);
    expect(told(sourceLine(well, 'mqtt://m', 2))).toMatch(/^WRONG .*no shared subscriptions/);
    expect(told(sourceLine({ ...well, keptSeconds: 3_600 }, 'mqtt://m', 1))).toMatch(/^WRONG .*less than three days/);
    expect(told(sourceLine({ ...well, highestQos: 0 }, 'mqtt://m', 1))).toMatch(/^WRONG .*QoS 0/);
    expect(told(sourceLine({ ...well, trouble: 'refused' }, 'mqtt://m', 1))).toMatch(/no connection: refused/);
  });
});
