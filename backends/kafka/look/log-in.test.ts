/** The login against brokers that answer as they should not, which a real one does not do for a test. */
import { expect, it } from 'vitest';
import type { KafkaLogin } from '../kafka-settings.ts';
import { API, type Api } from './api.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { logIn } from './log-in.ts';

const LOGIN: KafkaLogin = { mechanism: 'SCRAM-SHA-256', user: 'me', password: 'secret' };

interface Broker {
  readonly handshake?: { readonly fault: number; readonly offered: readonly string[] };
  /** What it says to the login, message by message; undefined = as an error 58. */
  readonly say?: (said: string) => string | undefined;
}

function block(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([new ByteWriter().int32(bytes.length).bytes(), bytes]);
}

/** @returns what went wrong, and everything that the broker was told */
async function tryIn(login: KafkaLogin, { handshake, say = () => '' }: Broker): Promise<[string, readonly string[]]> {
  const told: string[] = [];
  const ask = (api: Api, request: Buffer): Promise<ByteReader> => {
    const reader = new ByteReader(request);
    if (api === API.saslHandshake) {
      told.push(reader.text() ?? '');
      const { fault, offered } = handshake ?? { fault: 0, offered: [] };
      const answer = new ByteWriter().int16(fault);
      return Promise.resolve(new ByteReader(answer.list(offered, (name) => answer.text(name)).bytes()));
    }
    const said = reader.block()?.toString() ?? '';
    told.push(said);
    const text = say(said);
    const head = text === undefined ? new ByteWriter().int16(58).text('no') : new ByteWriter().int16(0).int16(-1);
    return Promise.resolve(new ByteReader(Buffer.concat([head.bytes(), block(text ?? '')])));
  };
  const end: unknown = await logIn({ ask }, { name: 'k:9093', login }).catch((error: unknown) => error);
  return [end instanceof Error ? end.message : 'in', told];
}

/** First messages repeat the nonce; what comes last proves nothing. */
const pretending = (said: string): string =>
  said.startsWith('n,,') ? `r=${said.split(',r=')[1] ?? ''}more,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096` : 'v=AAAA';

it('says who it is, as it is, by PLAIN', async () => {
  expect(await tryIn({ ...LOGIN, mechanism: 'PLAIN' }, {})).toEqual(['in', ['PLAIN', '\0me\0secret']]);
});

it('takes no broker that does not know the password, and never says it', async () => {
  const [end, told] = await tryIn(LOGIN, { say: pretending });
  expect(end).toBe('k:9093 does not show that it knows the password itself');
  expect(told).toHaveLength(3);
  expect(told.join()).not.toContain('secret');
});

it('names what the broker wants instead', async () => {
  const refusing = (fault: number): Broker => ({ handshake: { fault, offered: ['PLAIN', 'GSSAPI'] } });
  expect((await tryIn(LOGIN, refusing(33)))[0]).toBe('k:9093 knows no login by SCRAM-SHA-256, only by PLAIN, GSSAPI');
  expect((await tryIn(LOGIN, refusing(34)))[0]).toBe('k:9093 wants no login on this port');
  expect((await tryIn(LOGIN, refusing(7)))[0]).toBe('k:9093 refuses a login: error 7');
});

it('names a refusal', async () => {
  expect((await tryIn(LOGIN, { say: () => undefined }))[0]).toBe(
    'k:9093 refuses user me or the password (SCRAM-SHA-256): no',
  );
});
