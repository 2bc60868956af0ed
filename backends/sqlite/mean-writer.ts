import { InvariantError } from '../../contracts/errors.ts';
import type { Mean } from '../../contracts/mean.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { expectChecksum, meanChecksum, type RowPlace } from './checksum.ts';
import type { NameTable } from './name-table.ts';
import type { Database } from './database.ts';

/**
 * Stores means, the newest form of each. A mean is one of outlet, signal, average and start, whichever device made
 * it; where there is no outlet, of the device. Within the transactions of its owner.
 */
export class MeanWriter {
  readonly #names: NameTable;
  readonly #place: RowPlace;
  readonly #series = new Map<string, number>();
  readonly #find;
  readonly #insert;
  readonly #put;
  readonly #stored;

  constructor(database: Database, names: NameTable) {
    this.#names = names;
    this.#place = { database, table: 'mean' };
    const key = 'site = ? AND outlet = ? AND device = ? AND signal = ? AND average = ?';
    this.#find = database.prepare(`SELECT id FROM mean_series WHERE ${key}`);
    this.#insert = database.prepare(
      'INSERT INTO mean_series (site, outlet, device, signal, average) VALUES (?, ?, ?, ?, ?)',
    );
    this.#stored = database.prepare('SELECT body, checksum FROM mean WHERE site = ? AND start_at = ? AND series = ?');
    this.#put = database.prepare(
      'INSERT INTO mean (site, start_at, series, body, checksum) VALUES (?, ?, ?, ?, ?) ' +
        'ON CONFLICT (site, start_at, series) DO UPDATE SET body = excluded.body, checksum = excluded.checksum',
    );
  }

  write(means: readonly Mean[]): void {
    for (const mean of means) {
      const startAt = parseInstant(mean.start);
      if (Number.isNaN(startAt)) throw new InvariantError(`A mean came to the store with the start "${mean.start}"`);
      const key = [this.#names.idOf(mean.site), startAt, this.#seriesOf(mean)] as const;
      if (mean.state === 'revised' && !this.#isNews(mean, key)) continue;
      const body = JSON.stringify(mean);
      this.#put.run(...key, body, meanChecksum(key, body));
    }
  }

  /** A mean that was judged again counts as revised only where it came out differently. */
  #isNews(mean: Mean, key: readonly [number, number, number]): boolean {
    const row = this.#stored.get(...key) as { body: string; checksum: number | null } | undefined;
    if (row === undefined) return true;
    expectChecksum(meanChecksum(key, row.body), row.checksum, this.#place, `mean ${key.join('/')}`);
    const before = JSON.parse(row.body) as Mean;
    return JSON.stringify({ ...before, state: '' }) !== JSON.stringify({ ...mean, state: '' });
  }

  forget(): void {
    this.#series.clear();
  }

  #seriesOf({ site, outlet, device, signal, average }: Mean): number {
    const of = outlet === '' ? device : '';
    const text = `${site}/${outlet}/${of}/${signal}/${average}`;
    const known = this.#series.get(text);
    if (known !== undefined) return known;
    const key = [this.#names.idOf(site), outlet, of, signal, average];
    const row = this.#find.get(...key) as { id: number } | undefined;
    const id = row?.id ?? Number(this.#insert.run(...key).lastInsertRowid);
    this.#series.set(text, id);
    return id;
  }
}
