import { createMetricsText } from '../../cli/metrics-text.ts';
import { createIngestMetrics } from '../../ingest/metrics.ts';
import { cell, generatedNote } from './generated-note.ts';
import type { DocsGenerator } from './docs-generator.ts';

const OURS = /^# HELP (stackwarden_(?:ingest|detect|api)_\S+) (.*)$/gm;

/** Label names that the samples of a metric carry. */
function labelsOf(name: string, text: string): string {
  const sample = new RegExp(`^${name}(?:_sum)?\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
  return [...sample.matchAll(/(\w+)=/g)].map(([, label = '']) => `\`${label}\``).join(', ');
}

async function page(): Promise<string> {
  const metrics = createIngestMetrics();
  const tally = { counts: {}, lagRecords: 0, oldestUnprocessedAt: null };
  const made = createMetricsText({ ingest: () => metrics, readModel: { tally: () => Promise.resolve(tally) } });
  made.served({ method: 'GET', route: '/', status: 200, ms: 1 });
  const text = await made.text();
  const rows = [...text.matchAll(OURS)].map(
    ([, name = '', help = '']) => `| \`${name}\` | ${labelsOf(name, text)} | ${cell(help)} |`,
  );
  return `${generatedNote('cli/metrics-text.ts')}
# Metrics

\`GET /metrics\` in the Prometheus text format, without a key. Beside these stand the usual ones of a Node process (\`stackwarden_process_…\`, \`stackwarden_nodejs_…\`).

| name | labels | meaning |
| --- | --- | --- |
${rows.join('\n')}

Nothing is lost in between: \`received\` = \`stored\` + \`repeats\` + \`dead_letters\` + \`held\`. The counts of \`detect\` are kept in the database; those of \`ingest\` and \`api\` begin at 0 with the process.

What to watch: \`stackwarden_detect_oldest_unread_seconds\` (detection falls behind), \`stackwarden_ingest_append_failures_total\` (storage refuses), \`stackwarden_ingest_dead_letters_total\` (somebody sends what cannot be read), \`stackwarden_detect_rewinds_total\` (data come late). \`/health/ready\` answers 503 while too much waits to be written.
`;
}

export const metricsPage: DocsGenerator = {
  name: 'metrics',
  generate: async () => new Map([['docs/reference/metrics.md', await page()]]),
};
