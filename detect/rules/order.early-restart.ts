/**
 * A line that had obeyed a shutdown order, below its threshold for an hour, produces again before the order ends.
 *
 * Innocent look-alikes: the end of the order or of its daily hours, a firm that became exempt, short test runs.
 */
import { ORDER_BLIND, explainProduction } from './order-words.ts';
import { orderShutdown } from './order.shutdown.ts';
import type { RuleFacts } from './rule.ts';

export const orderEarlyRestart: RuleFacts = {
  id: 'order.early-restart',
  version: 1,
  category: 'order',
  title: { zh: '管控期间提前复产', en: 'Restart before the order ended' },
  summary: {
    zh: '已停产的生产线在管控令解除前恢复生产。',
    en: 'A line that had stopped for an order starts again before the order is lifted.',
  },
  severities: ['high', 'critical'],
  basis: [
    { document: 'shutdown order (registry or API)', clause: 'scope, time and grace, quoted in the evidence' },
    {
      document: 'project contract',
      clause: 'section 5: the same as order.shutdown after at least one hour below `on`',
    },
  ],
  parameters: orderShutdown.parameters,
  limits: ORDER_BLIND,
  explain: (evidence) => explainProduction(evidence, { zh: '停产', en: 'to stop' }),
};
