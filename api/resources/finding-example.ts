/** A finding as it may come, for documents and tests. */
import type { Finding } from '../../contracts/finding.ts';

export const FINDING_EXAMPLE: Finding = {
  id: 'f-0123456789abcdef',
  rule: 'falsification.frozen',
  ruleVersion: 1,
  category: 'falsification',
  site: 'demo-cement',
  district: 'xinmi',
  subject: { outlet: 'kiln-tail', device: 'cems-1', signal: 'so2' },
  start: '2026-11-22T08:00:00+08:00',
  end: null,
  detectedAt: '2026-11-22T08:30:00+08:00',
  state: 'open',
  revision: 1,
  severity: 'high',
  confidence: 0.97,
  title: { zh: '数值长时间不变', en: 'The value does not move' },
  explanation: {
    zh: '窑尾二氧化硫自 08:00 起 30 分钟保持 12.3 mg/m³，期间窑正在运行。',
    en: 'SO2 of the kiln tail has stood at 12.3 mg/m³ for 30 minutes since 08:00 while the kiln was running.',
  },
  evidence: { value: 12.3, minutes: 30, thresholdMinutes: 30 },
  basis: [{ document: '刑法', clause: '第三百三十八条' }],
};
