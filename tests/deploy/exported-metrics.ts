/** What each stage gives at `/metrics`, by the job under which Prometheus asks it: made by the code that makes it there. */
import { createDetectFigures } from '../../backends/kafka/detect-figures.ts';
import { createApiMetrics } from '../../cli/stages/api-metrics.ts';
import { createDetectMetrics } from '../../cli/stages/detect-metrics.ts';
import { createIngestMetricsText } from '../../cli/stages/ingest-metrics.ts';
import { createSeriesMetrics } from '../../cli/stages/series-metrics.ts';
import { createSeriesFigures } from '../../cli/stages/series-writer.ts';
import { startStageServer } from '../../cli/stages/stage-server.ts';
import { createIngestMetrics } from '../../ingest/metrics.ts';

type OutcomeCopy = Parameters<typeof createApiMetrics>[0];
type GroupReader = Parameters<typeof createSeriesMetrics>[0];

const never = Promise.race<Error>([]);
const nothing = async (): Promise<void> => undefined;
/** As where a collector is named. */
const traces = { sent: 0, lost: 0 };

function ingestText(): Promise<string> {
  const log = { messages: 0, bytes: 0, late: 0, refused: 0, pendingBytes: 0, confirmedAt: 0 };
  const source = { connected: 0, ended: 0 };
  return createIngestMetricsText({ ingest: createIngestMetrics(), log, tickAgeMs: () => 0, source, traces })();
}

function detectText(): Promise<string> {
  const partition = { partition: 0, next: 0, end: 0, oldestReceived: undefined };
  const group = {
    figures: createDetectFigures(),
    partitions: () => [partition],
    trouble: () => undefined,
    failed: never,
    close: nothing,
  };
  return createDetectMetrics(group, { moved: 0, waiting: 0 }, Date.now, traces)();
}

async function apiText(folder: string): Promise<string> {
  // Only what its metrics ask for.
  const copy = {
    model: { tally: async () => ({ counts: {}, lagRecords: 0, oldestUnprocessedAt: null }) },
    figures: { messages: 0, bytes: 0, missed: 0, refused: 0 },
    follower: { partitions: () => [{ topic: 'outcomes', partition: 0, behind: 0 }], oldestUnstoredAt: () => null },
    lag: { partitions: () => [{ partition: 0, behind: 0, oldestReceived: undefined }], trouble: () => undefined },
    isCaughtUp: () => true,
    trouble: () => undefined,
  } as unknown as OutcomeCopy;
  const metrics = createApiMetrics(copy, folder, Date.now, traces);
  metrics.served({ method: 'GET', route: '/', status: 200, ms: 1 });
  return metrics.text();
}

function seriesText(): Promise<string> {
  const place = { topic: 'samples', partition: 0, next: 0, end: 0, oldestAt: undefined };
  const reader: GroupReader = {
    figures: { messages: 0, bytes: 0, batches: 0, failures: 0, commitFailures: 0, rebalances: 0, restarts: 0 },
    places: () => [place],
    queuedBytes: () => 0,
    trouble: () => ({}),
    failed: never,
    close: nothing,
  };
  return createSeriesMetrics(reader, createSeriesFigures(), Date.now, traces)();
}

/** As the port of a stage answers: with its readiness beside its metrics. */
async function served(text: string): Promise<string> {
  const server = await startStageServer({
    host: '127.0.0.1',
    port: 0,
    readiness: async () => ({ ready: true, checks: [{ name: 'kafka', ok: true }] }),
    metricsText: async () => text,
  });
  try {
    return await (await fetch(`${server.url}metrics`)).text();
  } finally {
    await server.stop();
  }
}

const HISTOGRAM = ['_bucket', '_sum', '_count'];

/** Names under which samples are stored, with the labels that they carry. */
export function sampleNames(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const [, name = '', kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    if (kind === 'histogram') for (const suffix of HISTOGRAM) names.set(name + suffix, new Set(['le']));
    else names.set(name, new Set());
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_0-9]+)\{([^}]*)\} /gm)) {
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) names.get(name)?.add(label);
  }
  return names;
}

/** By job. @param folder of an API process; may be empty */
export async function stageTexts(folder: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['stackwarden-ingest', await served(await ingestText())],
    ['stackwarden-detect', await served(await detectText())],
    ['stackwarden-api', await apiText(folder)],
    ['stackwarden-series', await served(await seriesText())],
  ]);
}

export async function exportedMetrics(
  folder: string,
): Promise<ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>> {
  return new Map([...(await stageTexts(folder))].map(([job, text]) => [job, sampleNames(text)]));
}
