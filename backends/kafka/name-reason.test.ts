import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { withReason } from './name-reason.ts';
import { HungClientError } from './settle.ts';

const LOGGED =
  '[thrd:sasl_ssl://k:9093/bootstrap]: sasl_ssl://k:9093/bootstrap: SASL authentication error: invalid credentials ' +
  '(after 311ms in state AUTH_REQ, 1 identical error(s) suppressed)';

async function failing(error: Error, logged: readonly string[]): Promise<unknown> {
  const client = new EventEmitter();
  const failure: unknown = await withReason(client, () => {
    for (const message of logged) client.emit('event.log', { severity: 3, fac: 'FAIL', message });
    return Promise.reject(error);
  }).catch((thrown: unknown) => thrown);
  expect(client.listenerCount('event.log')).toBe(0);
  return failure;
}

it('adds the last that the client complained of, without what is of use to nobody', async () => {
  const cause = new Error('-195');
  const thrown = await failing(new UnavailableError('Kafka, connect: transport failure', { cause }), ['first', LOGGED]);
  expect(thrown).toBeInstanceOf(UnavailableError);
  expect(thrown).toMatchObject({
    message:
      'Kafka, connect: transport failure: sasl_ssl://k:9093/bootstrap: SASL authentication error: invalid credentials',
    cause,
  });
});

it('leaves other errors as they are, and those without a complaint', async () => {
  for (const error of [new UnavailableError('away'), new Error('bug')]) expect(await failing(error, [])).toBe(error);
  for (const error of [new HungClientError('hangs'), new Error('bug')])
    expect(await failing(error, [LOGGED])).toBe(error);
});

it('hands on what the connection gave', async () => {
  expect(await withReason(new EventEmitter(), () => Promise.resolve(7))).toBe(7);
});
