import { afterEach, describe, expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { ReportAt } from '../../contracts/ports/partition.ts';
import { createRecentHistory, type RecentHistory } from './recent-history.ts';

const report = (offset: number, site = 'a'): LogRecord => ({
  kind: 'report',
  offset,
  received: offset * 1_000,
  site,
  device: 'cems-1',
  body: `{"n":${String(offset)}}`,
});

let history: RecentHistory | undefined;
afterEach(() => {
  history?.close();
});

const offsets = (site: string, from: number, to: number): readonly number[] =>
  (history?.read(site, from, to) ?? []).map(({ offset }) => offset);

describe('the reports read lately', () => {
  it('are there by site and range, as they came', () => {
    history = createRecentHistory(5);
    history.add([report(5), report(6, 'b'), { kind: 'tick', offset: 7, received: 7_000 }, report(8)]);
    expect(history.from()).toBe(5);
    expect(history.read('a', 0, 9)).toEqual([report(5), report(8)]);
    expect(offsets('a', 6, 8)).toEqual([]);
    expect(offsets('b', 0, 9)).toEqual([6]);
  });

  it('go by halves, and it says from where on they are whole', () => {
    history = createRecentHistory(0, 10_000);
    history.add(Array.from({ length: 35 }, (_, offset) => report(offset)));
    expect(history.from()).toBe(20);
    expect(offsets('a', 0, 99)).toEqual(Array.from({ length: 15 }, (_, index) => 20 + index));
    history.add([report(45)]);
    expect(history.from()).toBe(30);
    expect(offsets('a', 0, 99)).toEqual([30, 31, 32, 33, 34, 45]);
  });

  it('reach back as far as was fetched, and go in their turn', async () => {
    history = createRecentHistory(10, 10_000);
    history.add([report(10), report(11, 'b')]);
    async function* before(): AsyncGenerator<readonly ReportAt[]> {
      yield [report(4) as ReportAt, report(5, 'b') as ReportAt];
      yield [report(8) as ReportAt];
    }
    await history.extend(3, before());
    expect(history.from()).toBe(3);
    expect(offsets('a', 0, 99)).toEqual([4, 8, 10]);
    expect(offsets('b', 5, 11)).toEqual([5]);
    history.add([report(21), report(32)]);
    expect(history.from()).toBe(21);
    expect(offsets('a', 0, 99)).toEqual([21, 32]);
  });
});
