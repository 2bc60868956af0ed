import { expect, it } from 'vitest';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import { storableLetter } from './storable-letter.ts';

const LETTER: DeadLetter = {
  id: 'dl-1',
  received: 5,
  reason: 'payload-not-json',
  detail: 'seen: abc',
  topic: 'stackwarden/v1/a/b/report',
  payload: '氮氧化物',
  encoding: 'utf8',
  state: 'kept',
};

it('stays as it is where a text column can hold it', () => {
  expect(storableLetter(LETTER)).toBe(LETTER);
});

it('loses nothing behind a NUL', () => {
  const kept = storableLetter({ ...LETTER, detail: 'seen: a\0b', payload: '氮\0氧' });
  expect(kept).toMatchObject({ detail: 'seen: a␀b', encoding: 'base64' });
  expect(Buffer.from(kept.payload, 'base64').toString('utf8')).toBe('氮\0氧');
});
