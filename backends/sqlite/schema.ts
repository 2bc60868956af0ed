/**
 * The tables of the one file.
 *
 * Instants are epoch milliseconds, spans milliseconds. The layout of the blobs is described where they are written:
 * `entry-block.ts` (log), `sample-chunk.ts` and `hot-samples.ts` (samples).
 */
import { PROJECTION_ID, STORE_ID, type Schema } from './migrate.ts';

const INITIAL = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- The log: one row for entries appended together. Rows that are 'lasting' hold registries, orders and marks.
CREATE TABLE log (
  first INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  first_received INTEGER NOT NULL,
  last_received INTEGER NOT NULL,
  lasting INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL
);
-- Offsets of a site's reports in a run of offsets, as 16-bit distances from its begin. Ordered by run, so writing appends.
CREATE TABLE log_site (bucket INTEGER, site INTEGER, offsets BLOB NOT NULL, PRIMARY KEY (bucket, site)) WITHOUT ROWID;

CREATE TABLE stream (
  id INTEGER PRIMARY KEY, site INTEGER NOT NULL, device INTEGER NOT NULL, period INTEGER NOT NULL,
  UNIQUE (site, device, period)
);
CREATE TABLE stream_signal (stream INTEGER, signal INTEGER, PRIMARY KEY (stream, signal)) WITHOUT ROWID;
CREATE TABLE signal_set (id INTEGER PRIMARY KEY, signals TEXT NOT NULL UNIQUE);
CREATE TABLE sample_hot (id INTEGER PRIMARY KEY, samples INTEGER NOT NULL, texts TEXT, body BLOB NOT NULL);
CREATE TABLE sample_chunk (id INTEGER PRIMARY KEY, body BLOB NOT NULL);

CREATE TABLE mean_series (
  id INTEGER PRIMARY KEY, site INTEGER NOT NULL, outlet TEXT NOT NULL, device TEXT NOT NULL,
  signal TEXT NOT NULL, average TEXT NOT NULL, UNIQUE (site, outlet, device, signal, average)
);
CREATE TABLE mean (
  site INTEGER, start_at INTEGER, series INTEGER, body TEXT NOT NULL, PRIMARY KEY (site, start_at, series)
) WITHOUT ROWID;

CREATE TABLE finding (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  rule TEXT NOT NULL,
  category TEXT NOT NULL,
  site TEXT NOT NULL,
  district TEXT NOT NULL,
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER,
  detected_at INTEGER NOT NULL
);
CREATE INDEX finding_newest ON finding (detected_at DESC, id);
CREATE INDEX finding_of_site ON finding (site, detected_at DESC, id);
CREATE INDEX finding_of_district ON finding (district, detected_at DESC, id);
CREATE INDEX finding_of_rule ON finding (rule, detected_at DESC, id);
CREATE INDEX finding_in_state ON finding (state, detected_at DESC, id);
CREATE TABLE finding_revision (
  finding INTEGER NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (finding, revision)
);

CREATE TABLE dead_letter (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  received INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  encoding TEXT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX dead_letter_newest ON dead_letter (received DESC, id);
CREATE TABLE order_entry (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, entered_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE mark (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, site TEXT NOT NULL, declared_at INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX mark_newest ON mark (declared_at DESC, id);
CREATE INDEX mark_of_site ON mark (site, declared_at DESC, id);
CREATE TABLE rule_entry (position INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- AUTOINCREMENT: a number is never given twice, not even after the newest rows were removed.
CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL, site TEXT, district TEXT, subject INTEGER NOT NULL, revision INTEGER, committed_at INTEGER NOT NULL
);
CREATE TABLE state (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Version 2: a checksum for every row that carries a body. */
const CHECKSUMS = [
  ...['setting', 'state', 'sample_hot', 'sample_chunk', 'mean', 'finding_revision', 'log_site'],
  ...['dead_letter', 'order_entry', 'mark', 'rule_entry', 'counter', 'change'],
]
  .map((table) => `ALTER TABLE ${table} ADD COLUMN checksum INTEGER;`)
  .join('\n');

export const STORE_SCHEMA: Schema = { migrations: [INITIAL, CHECKSUMS], applicationId: STORE_ID };

/**
 * The same tables, filled from the topics of Kafka: its log stays empty, and its settings say how far each topic was
 * taken over. A file of its own kind, since neither can stand in for the other.
 */
export const PROJECTION_SCHEMA: Schema = { ...STORE_SCHEMA, applicationId: PROJECTION_ID };
