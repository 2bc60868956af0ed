/** The login at a broker, before anything else is asked: SaslHandshake, then SaslAuthenticate. */
import { randomBytes } from 'node:crypto';
import { UnavailableError } from '../../../contracts/errors.ts';
import { AccessError } from '../access-error.ts';
import type { KafkaLogin } from '../kafka-settings.ts';
import { API, type Api } from './api.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import { provesServer, scramFinal, scramFirst, type ScramStart } from './scram.ts';

const UNSUPPORTED_MECHANISM = 33;
const ILLEGAL_STATE = 34;
const AUTHENTICATION_FAILED = 58;
const NONCE_BYTES = 24;

interface Asked {
  ask(api: Api, request: Buffer): Promise<ByteReader>;
}

/** Where it is done, and as whom. */
export interface LoginPlace {
  readonly name: string;
  readonly login: KafkaLogin;
}

async function agreeOnMechanism(connection: Asked, { name, login: { mechanism } }: LoginPlace): Promise<void> {
  const answer = await connection.ask(API.saslHandshake, new ByteWriter().text(mechanism).bytes());
  const fault = answer.int16();
  const offered = answer.list(() => answer.text() ?? '');
  if (fault === UNSUPPORTED_MECHANISM)
    throw new AccessError(
      `${name} knows no login by ${mechanism}, only by ${offered.join(', ')}`,
      'set kafkaSasl to one that it knows (in small letters), or allow it there: sasl.enabled.mechanisms',
    );
  if (fault === ILLEGAL_STATE)
    throw new AccessError(
      `${name} wants no login on this port`,
      'name the port of its listener with a login in kafkaBrokers, or leave kafkaSasl, kafkaUser and kafkaPassword out',
    );
  if (fault !== 0) throw new UnavailableError(`${name} refuses a login: error ${String(fault)}`);
}

async function say(connection: Asked, { name, login }: LoginPlace, text: string): Promise<string> {
  const bytes = Buffer.from(text, 'utf8');
  const request = Buffer.concat([new ByteWriter().int32(bytes.length).bytes(), bytes]);
  const answer = await connection.ask(API.saslAuthenticate, request);
  const fault = answer.int16();
  const why = answer.text() ?? `error ${String(fault)}`;
  if (fault === AUTHENTICATION_FAILED)
    throw new AccessError(
      `${name} refuses user ${login.user} or the password (${login.mechanism}): ${why}`,
      'correct kafkaUser and kafkaPassword; see whether the user has a password for this way of kafkaSasl: ' +
        'kafka-configs.sh --describe --entity-type users',
    );
  if (fault !== 0) throw new UnavailableError(`${name} refuses the login: ${why}`);
  return answer.block()?.toString('utf8') ?? '';
}

async function proveKnowledge(connection: Asked, place: LoginPlace): Promise<void> {
  const { user, password, mechanism } = place.login;
  const digest = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
  const start: ScramStart = { digest, user, password, nonce: randomBytes(NONCE_BYTES).toString('base64url') };
  const answer = await scramFinal(start, await say(connection, place, scramFirst(start)));
  if (!provesServer(answer, await say(connection, place, answer.final)))
    throw new AccessError(
      `${place.name} does not show that it knows the password itself`,
      'it is not the broker that it says to be: see where kafkaBrokers leads',
    );
}

/** @throws AccessError where it is refused, UnavailableError */
export async function logIn(connection: Asked, place: LoginPlace): Promise<void> {
  await agreeOnMechanism(connection, place);
  const { mechanism, user, password } = place.login;
  if (mechanism === 'PLAIN') await say(connection, place, `\0${user}\0${password}`);
  else await proveKnowledge(connection, place);
}
