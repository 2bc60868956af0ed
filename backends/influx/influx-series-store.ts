/** The series in InfluxDB 2. */
import { InfluxDB } from '@influxdata/influxdb-client';
import type { LatestValue, SeriesAnswer, SeriesQuery } from '../../contracts/ports/read-model.ts';
import type { RefusedItem, SeriesBatch, SeriesStore } from '../../contracts/ports/series-store.ts';
import { FluxReader } from './flux-rows.ts';
import type { InfluxSettings } from './influx-settings.ts';
import { LatestReader } from './latest-reader.ts';
import { toLine, whyUnwritable, type Point } from './line-protocol.ts';
import { OpenRequests } from './open-requests.ts';
import { SeriesReader } from './series-reader.ts';
import { findingPoint, meanPoints, samplePoint } from './to-points.ts';
import { LineWriter } from './write-lines.ts';

type Item = RefusedItem['item'];

interface Offered {
  readonly line: string;
  readonly item: Item;
}

/** Lines to send, and what cannot even become one. */
interface Prepared {
  readonly offered: Offered[];
  readonly refused: RefusedItem[];
}

function prepare(into: Prepared, item: Item, toPoints: () => readonly (Point | undefined)[]): void {
  let points: readonly (Point | undefined)[];
  try {
    points = toPoints();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    into.refused.push({ item, line: '', reason: error.message });
    return;
  }
  for (const point of points) {
    if (point === undefined) continue;
    const reason = whyUnwritable(point);
    if (reason === undefined) into.offered.push({ item, line: toLine(point) });
    else into.refused.push({ item, line: '', reason });
  }
}

function prepareAll({ samples, means, findings }: SeriesBatch): Prepared {
  const prepared: Prepared = { offered: [], refused: [] };
  for (const sample of samples) prepare(prepared, sample, () => [samplePoint(sample)]);
  for (const mean of means) prepare(prepared, mean, () => meanPoints(mean));
  for (const finding of findings) prepare(prepared, finding, () => [findingPoint(finding)]);
  return prepared;
}

export class InfluxSeriesStore implements SeriesStore {
  readonly #writer: LineWriter;
  readonly #series: SeriesReader;
  readonly #latest: LatestReader;
  readonly #requests = new OpenRequests();

  constructor(settings: InfluxSettings) {
    const influx = new InfluxDB({ url: settings.url, token: settings.token });
    const reader = new FluxReader(influx, settings, this.#requests);
    this.#writer = new LineWriter(influx, settings, this.#requests);
    this.#series = new SeriesReader(reader);
    this.#latest = new LatestReader(reader);
  }

  async write(batch: SeriesBatch): Promise<readonly RefusedItem[]> {
    const { offered, refused } = prepareAll(batch);
    const lines = await this.#writer.write(offered.map(({ line }) => line));
    for (const { index, reason } of lines) {
      const one = offered[index];
      if (one !== undefined) refused.push({ ...one, reason });
    }
    return refused;
  }

  /** Whether it answers, knows the bucket and takes the token. @throws ConfigError, UnavailableError */
  async expectWritable(): Promise<void> {
    await this.#writer.write(['']);
  }

  async series(query: SeriesQuery): Promise<SeriesAnswer> {
    return this.#series.series(query);
  }

  async latest(site: string): Promise<readonly LatestValue[]> {
    return this.#latest.latest(site);
  }

  /** Ends what is under way: as if the server had not answered. */
  close(): void {
    this.#requests.endAll();
  }
}
