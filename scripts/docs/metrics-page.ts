import { createMetricsText, type StoreFigures } from '../../cli/metrics-text.ts';
import { createIngestMetrics } from '../../ingest/metrics.ts';
import { stageTexts } from '../../tests/deploy/exported-metrics.ts';
import { METRICS_ZH } from './chinese/metrics.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, translated, type Say } from './language.ts';

const OURS = /^# HELP (stackwarden_(?:ingest|detect|store|api|series|source|stage|traces)_\S+) (.*)$/gm;

export interface MetricText {
  readonly name: string;
  readonly labels: string;
  readonly help: string;
}

/** Label names that the samples of a metric carry. */
function labelsOf(name: string, text: string): string {
  const sample = new RegExp(`^${name}(?:_sum)?\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
  return [...sample.matchAll(/(\w+)=/g)].map(([, label = '']) => `\`${label}\``).join(', ');
}

/** What the process gives at `/metrics`, once a request was answered. */
export async function metricTexts(): Promise<readonly MetricText[]> {
  const metrics = createIngestMetrics();
  const tally = { counts: {}, lagRecords: 0, oldestUnprocessedAt: null };
  const sizes = { databaseBytes: 0, reusableBytes: 0, walBytes: 0, diskFreeBytes: 0, diskBytes: 0 };
  const store = (): StoreFigures => ({ ...sizes, refuses: false, lastCheckAt: null, faults: 0 });
  const made = createMetricsText({ ingest: () => metrics, readModel: { tally: () => Promise.resolve(tally) }, store });
  made.served({ method: 'GET', route: '/', status: 200, ms: 1 });
  const text = await made.text();
  return textsIn(text);
}

function textsIn(text: string): readonly MetricText[] {
  return [...text.matchAll(OURS)].map(([, name = '', help = '']) => ({ name, help, labels: labelsOf(name, text) }));
}

/** The same of each stage that is a process of its own, by its command. */
export async function stageMetricTexts(): Promise<ReadonlyMap<string, readonly MetricText[]>> {
  const texts = await stageTexts(import.meta.dirname);
  return new Map([...texts].map(([job, text]) => [job.replace('stackwarden-', ''), textsIn(text)]));
}

const INTRODUCTION = [
  'in the Prometheus text format, without a key. Beside these stand the usual ones of a Node process (`stackwarden_process_…`, `stackwarden_nodejs_…`).',
  '为 Prometheus 文本格式，不需要密钥。此外还有 Node 进程的通用指标（`stackwarden_process_…`、`stackwarden_nodejs_…`）。',
] as const;

const BALANCE = [
  'Nothing is lost in between: `received` = `stored` + `repeats` + `dead_letters` + `held`. The counts of `detect` are kept in the database; those of `ingest` and `api` begin at 0 with the process.',
  '中间没有丢失：`received` = `stored` + `repeats` + `dead_letters` + `held`。`detect` 的计数保存在数据库中；`ingest` 和 `api` 的计数随进程从 0 开始。',
] as const;

const WATCH = [
  'What to watch: `stackwarden_detect_oldest_unread_seconds` (detection falls behind), `stackwarden_store_refuses` (nothing is acknowledged: a full disk, say), `stackwarden_store_disk_free_bytes`, `stackwarden_store_faults` (the database is damaged), `stackwarden_ingest_append_failures_total` (storage refused a group), `stackwarden_ingest_dead_letters_total` (somebody sends what cannot be read), `stackwarden_detect_rewinds_total` (data come late). `/health/ready` answers 503 while storage refuses or too much waits to be written, and says why.',
  '重点关注：`stackwarden_detect_oldest_unread_seconds`（检测落后）、`stackwarden_store_refuses`（不再应答，例如磁盘已满）、`stackwarden_store_disk_free_bytes`、`stackwarden_store_faults`（数据库损坏）、`stackwarden_ingest_append_failures_total`（存储拒绝了一组写入）、`stackwarden_ingest_dead_letters_total`（有人发送无法读取的内容）、`stackwarden_detect_rewinds_total`（数据迟到）。存储拒绝写入或等待写入过多时，`/health/ready` 返回 503 并说明原因。',
] as const;

const STAGES = [
  'On Kafka each stage is a process of its own and has its own `/metrics`: ingest, detect and series on their `--http`, the API on its port. What they share with the table above means the same. Dashboards and alert rules on them: [deploy](../../deploy/README.md).',
  '在 Kafka 上，每个环节是独立的进程，各有自己的 `/metrics`：ingest、detect 和 series 在其 `--http` 端口，API 在其端口。与上表同名的含义相同。相应的看板和告警规则见[部署](../../../deploy/README.md)（英文）。',
] as const;

function table(texts: readonly MetricText[], say: Say): string {
  const rows = texts.map(
    ({ name, labels, help }) => `| \`${name}\` | ${labels} | ${cell(translated(say, help, METRICS_ZH))} |`,
  );
  return `| ${say('name', '名称')} | ${say('labels', '标签')} | ${say('meaning', '含义')} |
| --- | --- | --- |
${rows.join('\n')}`;
}

interface Shown {
  readonly texts: readonly MetricText[];
  readonly stages: ReadonlyMap<string, readonly MetricText[]>;
}

function page({ texts, stages }: Shown, say: Say): string {
  const sections = [...stages].map(([stage, own]) => `### \`${stage}\`\n\n${table(own, say)}\n`);
  return `${generatedNote('cli/metrics-text.ts')}
# ${say('Metrics', '指标')}

\`GET /metrics\` ${say(...INTRODUCTION)}${originalLink(say, 'reference/metrics.md')}

${table(texts, say)}

${say(...BALANCE)}

${say(...WATCH)}

## ${say('Stages on Kafka', 'Kafka 上的各环节')}

${say(...STAGES)}

${sections.join('\n')}`;
}

export const metricsPage: DocsGenerator = {
  name: 'metrics',
  generate: async () => {
    const shown = { texts: await metricTexts(), stages: await stageMetricTexts() };
    return inBothLanguages('reference/metrics.md', (say) => page(shown, say));
  },
};
