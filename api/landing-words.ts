/** What the page at `/` says, in both languages. */
import type { FindingState, Severity } from '../contracts/finding.ts';

type Word =
  | ('about' | 'docs' | 'schemas' | 'ready' | 'findings' | 'severity' | 'state' | 'title' | 'site' | 'start')
  | ('key' | 'show' | 'other' | 'none' | 'live' | 'lost' | 'wanted' | 'refused');

interface Words {
  readonly words: Readonly<Record<Word, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly states: Readonly<Record<FindingState, string>>;
}

export const LANDING_WORDS: Readonly<Record<'zh' | 'en', Words>> = {
  zh: {
    words: {
      about: '排污许可、数据造假与停限产管控的开放、精确、可重放的监测。线索只是疑点，不是结论。',
      docs: 'OpenAPI 文档',
      schemas: '数据模式',
      ready: '就绪状态',
      findings: '最新线索',
      severity: '程度',
      state: '状态',
      title: '线索',
      site: '企业',
      start: '开始',
      key: 'API 密钥',
      show: '查看',
      other: 'English',
      none: '暂无线索',
      live: '实时更新中',
      lost: '连接中断，正在重连',
      wanted: '请输入 API 密钥以查看线索',
      refused: '密钥无效',
    },
    severities: { critical: '特急', high: '高', medium: '中', low: '低', info: '提示' },
    states: { open: '持续中', closed: '已结束', withdrawn: '已撤回' },
  },
  en: {
    words: {
      about:
        'Open, exact and replayable monitoring of pollution permits, data falsification and production orders. ' +
        'A finding is suspicion, never a verdict.',
      docs: 'OpenAPI document',
      schemas: 'Schemas',
      ready: 'Readiness',
      findings: 'Newest findings',
      severity: 'Severity',
      state: 'State',
      title: 'Finding',
      site: 'Site',
      start: 'Start',
      key: 'API key',
      show: 'Show',
      other: '中文',
      none: 'No findings yet',
      live: 'Live',
      lost: 'Connection lost, trying again',
      wanted: 'Enter an API key to see findings',
      refused: 'The key is not valid',
    },
    severities: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info' },
    states: { open: 'open', closed: 'closed', withdrawn: 'withdrawn' },
  },
};
