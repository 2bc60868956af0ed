/** A Kafka that wants TLS, a login, or both: stages and doctor work there, and say what keeps them out. */
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { loadClient } from '../../backends/kafka/load-client.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { runDoctor } from '../../cli/commands/doctor.ts';
import { readConfig, type Config, type PartialConfig } from '../../cli/config.ts';
import type { Check } from '../../cli/doctor/check.ts';
import { kafkaSettingsOf } from '../../cli/kafka-settings-of.ts';
import { openKafka, type OpenedKafka } from '../../cli/open-kafka.ts';
import { putRegistry } from '../../cli/put-registry.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { PASSWORD, PLAIN_PASSWORD, startGuardedKafka, USER, type GuardedKafka } from '../servers/guarded-kafka.ts';
import { CertificateFolder, hasOpenssl } from '../support/certificates.ts';
import { worksRegistry } from './works.ts';

vi.setConfig({ testTimeout: 180_000 });

let certificates: CertificateFolder;
let kafka: GuardedKafka | undefined;

/** One for all of them: it takes its time to start. */
async function guarded(context: TestContext): Promise<GuardedKafka> {
  kafka ??= await startGuardedKafka(context, certificates);
  return kafka;
}

function configOf(brokers: string, change: PartialConfig): Config {
  const base: PartialConfig = { log: 'kafka', kafkaBrokers: brokers, kafkaPartitions: 2, retainMeanDays: 400 };
  return readConfig({ ...base, ...change }, {});
}

const LOGIN: PartialConfig = { kafkaSasl: 'scram-sha-512', kafkaUser: USER, kafkaPassword: PASSWORD };

/** TLS, and a login. */
function both(change: PartialConfig = {}): PartialConfig {
  return { kafkaTls: true, kafkaTlsCa: certificates.path('ca.crt'), ...LOGIN, ...change };
}

function withCertificate(name: string): PartialConfig {
  const ca: PartialConfig = { kafkaTls: true, kafkaTlsCa: certificates.path('ca.crt') };
  return { ...ca, kafkaTlsCert: certificates.path(`${name}.crt`), kafkaTlsKey: certificates.path(`${name}.key`) };
}

async function examine(config: Config): Promise<readonly string[]> {
  const place = temporaryFolder();
  let text = '';
  const options = { quick: true, acceptLoss: false, json: true, threads: '16' };
  await runDoctor({ ...config, data: `${place.folder}/none` }, options, { write: (part) => void (text += part) });
  place.remove();
  return (JSON.parse(text) as Check[]).map(
    ({ name, ok, detail, remedy }) =>
      `${ok ? 'ok' : 'WRONG'} ${name}: ${detail}${remedy === undefined ? '' : ` → ${remedy}`}`,
  );
}

/** Writes and reads back, each by a client of its own. */
async function throughKafka({ module, settings }: OpenedKafka): Promise<readonly string[]> {
  const topic = topicName(settings, 'findings');
  const producer = await openDurableProducer(module, settings, 'test');
  await producer.send([{ topic, partition: 0, key: 'f', value: Buffer.from('{}') }]);
  await producer.close();
  const found: string[] = [];
  for await (const messages of readRange(module, settings, { topic, partition: 0, fromOffset: 0 }))
    found.push(...messages.map(({ key, value }) => `${String(key)} ${String(value)}`));
  return found;
}

describe.skipIf(!hasOpenssl())('a Kafka with TLS and logins (needs openssl to make certificates)', () => {
  beforeAll(() => {
    certificates = new CertificateFolder();
    certificates.authority('ca');
    certificates.authority('foreign');
    certificates.signed('server', '/CN=kafka', { by: 'ca', names: 'IP:127.0.0.1' });
    certificates.signed('client', '/CN=stackwarden', { by: 'ca' });
    certificates.signed('stranger', '/CN=stackwarden', { by: 'foreign' });
  });
  afterAll(async () => {
    await kafka?.server.stop();
    certificates.remove();
  });

  it('is worked on by who has the authority and the password: topics, registry, messages, doctor', async (context) => {
    const { saslSsl } = await guarded(context);
    const config = configOf(saslSsl, both({ kafkaPrefix: 'both.' }));
    const opened = await openKafka(config);
    expect(await throughKafka(opened)).toEqual(['f {}']);
    expect(await putRegistry([{ name: 'works.yaml', text: worksRegistry(1) }], config)).toBe(true);
    const said = await examine(config);
    expect(said).toContain(`ok access: to Kafka by TLS, as ${USER} (SCRAM-SHA-512)`);
    expect(said).toContain(`ok brokers: 1 in the cluster, ${saslSsl}`);
    expect(said.join('\n')).toMatch(/^ok topics: 9 as planned, up to 2 partitions, one copy of each$/m);
    expect(said.join('\n')).toMatch(/^ok registry: registry [0-9a-f]{32}, since/m);
    expect(said.join('\n')).not.toContain(PASSWORD);
  });

  it.for([
    ['saslSsl', 'scram-sha-256', PASSWORD],
    ['saslSsl', 'plain', PLAIN_PASSWORD],
    ['saslPlain', 'scram-sha-512', PASSWORD],
    ['saslPlain', 'plain', PLAIN_PASSWORD],
  ] as const)('is worked on at %s by %s', async ([listener, kafkaSasl, kafkaPassword], context) => {
    const brokers = (await guarded(context))[listener];
    const login: PartialConfig = {
      kafkaSasl,
      kafkaPassword,
      kafkaUser: USER,
      kafkaPrefix: `${listener}.${kafkaSasl}.`,
    };
    const config = configOf(brokers, listener === 'saslSsl' ? both(login) : login);
    expect(await throughKafka(await openKafka(config))).toEqual(['f {}']);
    const said = (await examine(config)).join('\n');
    expect(said).toMatch(/^ok topics: 9 as planned/m);
    expect(/^WRONG access: .*reads the password/m.test(said)).toBe(listener === 'saslPlain' && kafkaSasl === 'plain');
  });

  it('is worked on by who shows a certificate', async (context) => {
    const { ssl } = await guarded(context);
    const config = configOf(ssl, { ...withCertificate('client'), kafkaPrefix: 'certificate.' });
    expect(await throughKafka(await openKafka(config))).toEqual(['f {}']);
    const said = (await examine(config)).join('\n');
    expect(said).toMatch(/^ok access: to Kafka by TLS, without a login$/m);
    expect(said).toMatch(/^ok topics: 9 as planned/m);
  });

  interface Wrong {
    readonly what: string;
    readonly config: (kafka: GuardedKafka) => Config;
    readonly said: RegExp;
  }
  const wrong: readonly Wrong[] = [
    {
      what: 'a wrong password',
      config: ({ saslSsl }) => configOf(saslSsl, both({ kafkaPassword: 'no' })),
      said: /refuses user stackwarden or the password \(SCRAM-SHA-512\): .*invalid credentials.*correct kafkaUser/,
    },
    {
      what: 'a wrong password that goes over as it is',
      config: ({ saslSsl }) => configOf(saslSsl, both({ kafkaPassword: 'no', kafkaSasl: 'plain' })),
      said: /refuses user stackwarden or the password \(PLAIN\): .*correct kafkaUser/,
    },
    {
      what: 'an unknown authority',
      config: ({ saslSsl }) => configOf(saslSsl, both({ kafkaTlsCa: certificates.path('foreign.crt') })),
      said: /a certificate of an authority that is not known here.*set kafkaTlsCa to/,
    },
    {
      what: 'another name in the certificate',
      config: ({ saslSsl }) => configOf(saslSsl.replace('127.0.0.1', 'localhost'), both()),
      said: /shows a certificate for another name: .*name the brokers in kafkaBrokers/,
    },
    {
      what: 'TLS to a port in plain text',
      config: ({ server }) => configOf(server.address, both()),
      said: /does not speak TLS on this port.*which of its listeners kafkaBrokers names/,
    },
    {
      what: 'plain text to a port with TLS',
      config: ({ ssl }) => configOf(ssl, {}),
      said: /speaks TLS on this port.*set kafkaTls: true/,
    },
    {
      what: 'a login where there is none',
      config: ({ server }) => configOf(server.address, LOGIN),
      said: /wants no login on this port.*leave kafkaSasl, kafkaUser and kafkaPassword out/,
    },
    {
      what: 'no login where there is one',
      config: ({ saslPlain }) => configOf(saslPlain, {}),
      said: /instead of an answer.*a login \(kafkaSasl\)/,
    },
    {
      what: 'no certificate of ours where one is wanted',
      config: ({ ssl }) => configOf(ssl, { kafkaTls: true, kafkaTlsCa: certificates.path('ca.crt') }),
      said: /wants a certificate of ours.*set kafkaTlsCert and kafkaTlsKey/,
    },
    {
      what: 'a certificate of a stranger',
      config: ({ ssl }) => configOf(ssl, withCertificate('stranger')),
      said: /does not take our certificate \S+stranger[.]crt.*set kafkaTlsCert and kafkaTlsKey/,
    },
  ];

  it.for(wrong)('lets nobody in with $what, as doctor says', async ({ config, said }, context) => {
    const examined = await examine(config(await guarded(context)));
    expect(examined.find((line) => line.startsWith('WRONG brokers: 1 of 1 cannot be used: '))).toMatch(said);
    expect(examined).toContain('WRONG topics: not looked at: no broker answers → see brokers');
  });

  it('keeps a stage from starting, which says the same', async (context) => {
    const there = await guarded(context);
    const tried = wrong
      .filter(({ what }) => ['a wrong password', 'an unknown authority', 'TLS to a port in plain text'].includes(what))
      .map(async ({ config, said }) => {
        const failure: unknown = await openKafka(config(there)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(UnavailableError);
        expect(failure).toHaveProperty('message', expect.stringMatching(said));
      });
    await Promise.all(tried);
    expect(tried).toHaveLength(3);
  });

  it('is named by a client that connects later, too', async (context) => {
    const { saslSsl } = await guarded(context);
    const settings = kafkaSettingsOf(configOf(saslSsl, both({ kafkaPassword: 'changed' })));
    const module = await loadClient();
    const producer = expect(openDurableProducer(module, settings, 'test')).rejects.toThrow(/SASL authentication error/);
    const range = { topic: topicName(settings, 'findings'), partition: 0, fromOffset: 0 };
    await expect(readRange(module, settings, range).next()).rejects.toThrow(/SASL authentication error/);
    await producer;
  });
});
