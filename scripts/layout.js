/**
 * The folders and what they may know, once: the linter and the import guard read it from here.
 * What each folder is for stands in ARCHITECTURE.md.
 */

/** They never import each other: they meet in the log and in contracts/. */
export const STAGES = ['ingest', 'detect', 'respond', 'api', 'simulators', 'backends'];

/** Everything that is shipped. */
export const SHIPPED = ['contracts', ...STAGES, 'cli'];

/** No clock, randomness, I/O or waiting in here: the same input gives the same bytes. */
export const PURE_FOLDERS = [
  'contracts',
  'detect/core',
  'detect/means',
  'detect/rules',
  'detect/findings',
  'simulators/plants',
  'simulators/instruments',
  'simulators/faults',
  'simulators/look-alikes',
];

/** Interfaces of things that do I/O: they speak of promises. */
export const PORTS = 'contracts/ports';

/** The one place where a regulation's "day" and "hour" meet a time zone. */
export const LOCAL_TIME = 'contracts/time/local-time.ts';

/** Length limits hold for what people write and read as prose of the program, not for these. */
export const LENGTH_EXEMPT = ['**/*.test.ts', 'tests/**', '**/*.generated.ts', '**/*.cases.ts'];

/**
 * Packages that belong to one place, as `package name pattern → folders`. Whoever needs the technology elsewhere
 * goes through a port. Tests may use what the code beside them may, and tests/ and scripts/ may use all of them.
 */
export const PACKAGE_HOMES = {
  aedes: ['ingest'],
  mqtt: ['simulators', 'backends/mqtt'],
  'fastify|@fastify/[^/]+': ['api'],
  '@influxdata/influxdb-client': ['backends/influx'],
  '@photostructure/sqlite': ['backends/sqlite'],
  '@opentelemetry/[^/]+': ['backends/otel'],
  'js-yaml': ['contracts/registry', 'cli'],
  commander: ['cli'],
  'prom-client': ['api', 'cli'],
};
