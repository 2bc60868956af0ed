/** Lists and series as text in the wanted format, in pieces: 100,000 points never stand in memory as one string. */
import { createCsvLine, csvHeader } from './csv.ts';
import { CSV_TYPE, NDJSON_TYPE } from './accept.ts';

export interface Rows {
  /** What stands beside the items in JSON: what the series is. Empty for lists. */
  readonly about?: Readonly<Record<string, unknown>>;
  readonly items: readonly unknown[];
  /** Opaque cursor, null at the end. */
  readonly next: string | null;
  /** Columns in CSV, as dotted paths into an item. */
  readonly columns: readonly string[];
}

/** Items in one piece: a few dozen kilobytes, so that other requests get their turn in between. */
const PIECE = 500;

function* inPieces(items: readonly unknown[], write: (item: unknown, index: number) => string): Generator<string> {
  for (let start = 0; start < items.length; start += PIECE) {
    yield items
      .slice(start, start + PIECE)
      .map((item, index) => write(item, start + index))
      .join('');
  }
}

function* jsonPieces({ about = {}, items, next }: Rows): Generator<string> {
  const head = JSON.stringify(about).slice(1, -1);
  yield `{${head === '' ? '' : `${head},`}"items":[`;
  yield* inPieces(items, (item, index) => `${index === 0 ? '' : ','}${JSON.stringify(item)}`);
  yield `],"next":${JSON.stringify(next)}}`;
}

function* csvPieces({ items, columns }: Rows): Generator<string> {
  yield csvHeader(columns);
  yield* inPieces(items, createCsvLine(columns));
}

/** The text of an answer. In NDJSON and CSV the next page stands in the `Link` header only. */
export function rowPieces(rows: Rows, type: string): Iterable<string> {
  if (type === CSV_TYPE) return csvPieces(rows);
  if (type === NDJSON_TYPE) return inPieces(rows.items, (item) => `${JSON.stringify(item)}\n`);
  return jsonPieces(rows);
}

/** From here on an answer is sent in pieces; below it has a length and an ETag. */
export const STREAMED_FROM = 2_000;
