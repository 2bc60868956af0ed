import { expect, it } from 'vitest';
import type { DeadLetter } from '../contracts/ports/detection-store.ts';
import { smallRegistry } from '../tests/support/small-registry.ts';
import { redrive } from './redrive.ts';

const REPORT = '{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":1}}';

const letterOf = (fields: Partial<DeadLetter>): DeadLetter => ({
  id: 'd-1',
  received: 1,
  reason: 'device-unknown',
  detail: 'was not there',
  topic: 'stackwarden/v1/demo/cems-1/report',
  payload: REPORT,
  encoding: 'utf8',
  state: 'kept',
  ...fields,
});

const redriving = (devices: readonly string[]): Parameters<typeof redrive>[1] => ({
  by: 'officer',
  received: 9,
  registry: smallRegistry({ demo: devices }),
});

it('takes the payload in as the registry has it now', () => {
  expect(redrive(letterOf({}), redriving(['cems-1']))).toEqual([
    { kind: 'redrive', received: 9, deadLetter: 'd-1', by: 'officer' },
    { kind: 'report', received: 9, site: 'demo', device: 'cems-1', body: REPORT },
  ]);
});

it('makes a new dead letter of what still cannot be taken in', () => {
  expect(redrive(letterOf({}), redriving([]))).toMatchObject([
    { kind: 'redrive' },
    { kind: 'dead', reason: 'device-unknown' },
  ]);
});

it('sends bytes that are not UTF-8 again as they were', () => {
  const payload = Buffer.from([0xff]).toString('base64');
  const entries = redrive(letterOf({ payload, encoding: 'base64', reason: 'payload-not-utf8' }), redriving(['cems-1']));
  expect(entries[1]).toMatchObject({ kind: 'dead', reason: 'payload-not-utf8', payload, encoding: 'base64' });
});

it('leaves a dead letter what is only the beginning of a message', () => {
  const letter = letterOf({ reason: 'payload-too-long', detail: 'too long' });
  expect(redrive(letter, redriving(['cems-1']))[1]).toMatchObject({
    kind: 'dead',
    reason: 'payload-too-long',
    detail: 'too long',
    payload: REPORT,
  });
});
