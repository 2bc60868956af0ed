import { expect, it } from 'vitest';
import { explainProduction } from './order-words.ts';

it('names order, document, line, times, energy and threshold in both languages', () => {
  const evidence = {
    order: 'R-1',
    document: '郑环文〔2026〕17号',
    line: 'kiln-1',
    bindingSince: '2026-11-22T10:00:00+08:00',
    since: '2026-11-22T11:30:00+08:00',
    minutes: 150,
    kWh: 780,
    averageKw: 312,
    onKw: 200,
  };
  const { zh, en } = explainProduction(evidence, { zh: '停产', en: 'to stop' });
  for (const part of ['R-1', 'kiln-1', '2026-11-22 10:00', '2026-11-22 11:30', '2.5', '780', '312', '200']) {
    expect(zh).toContain(part);
    expect(en).toContain(part);
  }
  expect(zh).toContain('郑环文〔2026〕17号');
});
