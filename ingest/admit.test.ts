import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../contracts/log-record.ts';
import { smallRegistry } from '../tests/support/small-registry.ts';
import { admit } from './admit.ts';

const registry = smallRegistry({ demo: ['cems-1'] });
const TOPIC = 'stackwarden/v1/demo/cems-1/report';
const report = (values: string): string => `{"ts":"2026-11-22T08:00:00+08:00","values":${values}}`;

function admitted(payload: string | Buffer, topic = TOPIC): LogEntry[] {
  return admit({ topic, payload: Buffer.from(payload), received: 5 }, registry);
}

const dead = (reason: string, payload: string, topic = TOPIC): object => ({
  kind: 'dead',
  received: 5,
  reason,
  detail: expect.stringMatching(/\w/),
  topic,
  payload,
  encoding: 'utf8',
});

it('makes a record of a report, with the text as it was sent', () => {
  const text = ` ${report('{"so2":1.50}')}\n`;
  expect(admitted(text)).toEqual([{ kind: 'report', received: 5, site: 'demo', device: 'cems-1', body: text }]);
});

it('takes a report whose clock is ahead: that is for the detector to judge', () => {
  expect(admitted('{"ts":"2099-01-01T00:00:00Z","values":{"so2":1}}')).toMatchObject([{ kind: 'report' }]);
});

describe('an array', () => {
  it('is so many reports, each with its own text', () => {
    const texts = [
      report('{"so2":1}'),
      report('{ "so2" : 2.0 , "o2":"[,]" }'),
      report('{"so2":"\\"}"}'),
      report('{}'),
      '7',
      '[]',
    ];
    expect(admitted(`[ ${texts.join(' ,\n')} ]`)).toEqual([
      { kind: 'report', received: 5, site: 'demo', device: 'cems-1', body: texts[0] },
      dead('value-kind-wrong', texts[1] ?? ''),
      dead('value-kind-wrong', texts[2] ?? ''),
      dead('report-invalid', texts[3] ?? ''),
      dead('report-invalid', '7'),
      dead('report-invalid', '[]'),
    ]);
  });

  it('of 1,000 is taken', () => {
    expect(admitted(`[${Array.from({ length: 1_000 }, () => report('{"so2":1}')).join(',')}]`)).toHaveLength(1_000);
  });

  it('of 1,001 is one dead letter', () => {
    const text = `[${Array.from({ length: 1_001 }, () => report('{"so2":1}')).join(',')}]`;
    expect(admitted(text)).toEqual([dead('report-invalid', text)]);
  });

  it('of none is one dead letter', () => {
    expect(admitted(' [ ] ')).toEqual([dead('report-invalid', ' [ ] ')]);
  });
});

describe('a message that is one dead letter', () => {
  it.each([
    ['no JSON', '{"ts":', 'payload-not-json'],
    ['nothing', '', 'payload-not-json'],
    ['a byte order mark', '\uFEFF{}', 'payload-not-json'],
    ['NUL', '\0', 'payload-not-json'],
    ['text', '"report"', 'report-invalid'],
    ['null', 'null', 'report-invalid'],
    ['no values', '{"ts":"2026-11-22T08:00:00+08:00"}', 'report-invalid'],
    ['a number that is none', report('{"so2":1e999}'), 'report-invalid'],
    ['no instant', '{"ts":"2026-02-30T08:00:00Z","values":{"so2":1}}', 'instant-invalid'],
    ['an unknown signal', report('{"so3":1}'), 'signal-unknown'],
    ['text for a number', report('{"so2":"1"}'), 'value-kind-wrong'],
    ['a text with NUL', report('{"picture-hash":"a\\u0000b"}'), 'value-kind-wrong'],
    ['a prototype', report('{"__proto__":1}'), 'signal-unknown'],
  ])('%s', (_what, payload, reason) => {
    expect(admitted(payload)).toEqual([dead(reason, payload)]);
  });

  it('bytes that are not UTF-8, kept as base64', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(admitted(bytes)).toMatchObject([
      { reason: 'payload-not-utf8', payload: bytes.toString('base64'), encoding: 'base64' },
    ]);
  });

  it.each([
    ['stackwarden/v1/nobody/cems-1/report', 'site-unknown'],
    ['stackwarden/v1/demo/cems-9/report', 'device-unknown'],
    ['stackwarden/v1/Demo/cems-1/report', 'topic-invalid'],
    ['stackwarden/v2/demo/cems-1/report', 'topic-invalid'],
    ['', 'topic-invalid'],
  ])('under %s', (topic, reason) => {
    const text = report('{"so2":1}');
    expect(admitted(text, topic)).toEqual([dead(reason, text, topic)]);
  });

  it('over 1 MiB, cut between characters', () => {
    const [letter] = admitted(`ab${'中'.repeat(400_000)}`);
    expect(letter).toEqual(dead('payload-too-long', `ab${'中'.repeat(5_460)}`));
  });

  it('over 1 MiB and not UTF-8, cut anywhere', () => {
    const [letter] = admitted(Buffer.alloc(1_048_577, 0xff));
    expect(letter).toMatchObject({ encoding: 'base64', payload: Buffer.alloc(16_384, 0xff).toString('base64') });
  });
});

it('says in the detail what was seen in words that a log in UTF-8 keeps', () => {
  const [letter] = admitted('{"ts":"\\ud800","values":{"so2":1}}');
  expect(letter).toMatchObject({ reason: 'instant-invalid', detail: expect.stringContaining('\uFFFD') });
});

describe('a log with a lane for late reports', () => {
  const registry = smallRegistry({ demo: ['cems-1'] });
  const at = Date.parse('2026-11-22T08:20:00+08:00');
  const lateness = (report: object, lateAfterMs?: number): unknown => {
    const payload = Buffer.from(JSON.stringify({ values: { so2: 1 }, ...report }));
    const message = { topic: 'stackwarden/v1/demo/cems-1/report', payload, received: at };
    const [entry] = admit(lateAfterMs === undefined ? message : { ...message, lateAfterMs }, registry);
    if (entry?.kind !== 'report') throw new Error(JSON.stringify(entry));
    return entry.isLate;
  };

  it('is told which reports are sent again, or end long before their receipt', () => {
    const minutes = 60_000;
    expect(lateness({ ts: '2026-11-22T08:20:00+08:00' }, 15 * minutes)).toBeUndefined();
    expect(lateness({ ts: '2026-11-22T08:20:00+08:00', resent: true }, 15 * minutes)).toBe(true);
    expect(lateness({ ts: '2026-11-22T08:05:00+08:00' }, 15 * minutes)).toBeUndefined();
    expect(lateness({ ts: '2026-11-22T08:04:59+08:00' }, 15 * minutes)).toBe(true);
    expect(lateness({ ts: '2026-11-22T07:05:00+08:00', period: 'PT1H' }, 15 * minutes)).toBeUndefined();
    expect(lateness({ ts: '2026-11-22T07:04:00+08:00', period: 'PT1H' }, 15 * minutes)).toBe(true);
  });

  it('is told of none where there is one lane', () => {
    expect(lateness({ ts: '2026-11-21T08:00:00+08:00', resent: true })).toBeUndefined();
  });
});
