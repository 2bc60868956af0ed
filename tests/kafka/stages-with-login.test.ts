/** The stages as they are shipped, on a Kafka that wants TLS and a login; the password comes from a file. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { runCommand, commandBuilt, spawnCommand, textOf } from '../end-to-end/built-command.ts';
import { readyLine } from '../end-to-end/ready-line.ts';
import { PASSWORD, startGuardedKafka, USER, type GuardedKafka } from '../servers/guarded-kafka.ts';
import { CertificateFolder, hasOpenssl } from '../support/certificates.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { REGISTRY } from './ingesting.ts';

const SLOW = { timeout: 240_000 };
const ends = endsAfterEach();

let files: CertificateFolder;

function environment({ saslSsl }: GuardedKafka, password: string): Record<string, string> {
  writeFileSync(files.path('password'), `${password}\n`);
  return {
    STACKWARDEN_LOG: 'kafka',
    STACKWARDEN_KAFKA_BROKERS: saslSsl,
    STACKWARDEN_KAFKA_PARTITIONS: '2',
    STACKWARDEN_KAFKA_TLS: 'true',
    STACKWARDEN_KAFKA_TLS_CA: files.path('ca.crt'),
    STACKWARDEN_KAFKA_SASL: 'scram-sha-512',
    STACKWARDEN_KAFKA_USER: USER,
    STACKWARDEN_KAFKA_PASSWORD_FILE: files.path('password'),
    UV_THREADPOOL_SIZE: '16',
  };
}

async function guarded(context: TestContext): Promise<GuardedKafka> {
  const kafka = await startGuardedKafka(context, files);
  ends.push(() => kafka.server.stop());
  return kafka;
}

describe.skipIf(!hasOpenssl())('stages on a Kafka with TLS and logins (needs openssl)', () => {
  beforeAll(async () => {
    files = new CertificateFolder();
    files.authority('ca');
    files.signed('server', '/CN=kafka', { by: 'ca', names: 'IP:127.0.0.1' });
    writeFileSync(files.path('registry.yaml'), REGISTRY);
    await commandBuilt();
  }, 300_000);
  afterAll(() => {
    files.remove();
  });

  it('are ready, and end when they are told', SLOW, async (context) => {
    const env = environment(await guarded(context), PASSWORD);
    const imported = await runCommand(['registry', 'import', files.path('registry.yaml')], { env });
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    const data = files.path('api');
    const stages = [['ingest', '--mqtt', '0'], ['detect'], ['api', '--data', data]].map(async (stage) => {
      const child = spawnCommand([...stage, '--http', '0', '--json'], { env });
      ends.push(async () => void child.kill('SIGKILL'));
      const errors = textOf(child.stderr);
      const { http } = await readyLine<{ http: number }>(child, errors);
      const ready = async (): Promise<number> => (await fetch(`http://127.0.0.1:${String(http)}/health/ready`)).status;
      await expect.poll(ready, { timeout: 60_000 }).toBe(200);
      child.kill('SIGTERM');
      const [code] = (await once(child, 'close')) as [number | null];
      expect([code, errors().includes(PASSWORD)]).toEqual([0, false]);
    });
    await Promise.all(stages);
    expect(stages).toHaveLength(3);
  });

  it('end with 75 and the reason where the password is wrong', SLOW, async (context) => {
    const env = environment(await guarded(context), 'not-it');
    const { code, stderr } = await runCommand(['detect', '--http', '0', '--json'], { env });
    expect(code).toBe(75);
    expect(stderr).toMatch(
      /Kafka cannot be reached: \S+ refuses user stackwarden or the password.* Do: correct kafkaUser/,
    );
    expect(stderr).not.toContain('not-it');
  });
});
