/**
 * A line that was ordered to stop produces: a production meter is on for 15 minutes, or 30 minutes in short bursts
 * within a day.
 *
 * Innocent look-alikes: the grace to come down, exempt and guaranteed firms, a plan without a duty at this level,
 * hours in which a daily order is not in force, lighting and pumps below the threshold.
 */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { ORDER_BLIND, explainProduction } from './order-words.ts';
import type { RuleFacts } from './rule.ts';

export const orderShutdown: RuleFacts = {
  id: 'order.shutdown',
  version: 1,
  category: 'order',
  title: { zh: '管控期间未停产', en: 'Production during a shutdown order' },
  summary: {
    zh: '停产管控令生效（含宽限期后）期间生产设施仍在用电生产。',
    en: 'Production meters are on while a shutdown order binds the line.',
  },
  severities: ['high', 'critical'],
  basis: [
    { document: 'shutdown order (registry or API)', clause: 'scope, time and grace, quoted in the evidence' },
    { document: 'project contract', clause: 'section 5: ≥ 15 minutes, or 30 minutes in bursts within 24 hours' },
  ],
  parameters: [
    {
      name: 'durationMs',
      unit: 'ms',
      default: 15 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time on in one go',
      source: 'project contract, section 5',
    },
    {
      name: 'burstsMs',
      unit: 'ms',
      default: 30 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time on in bursts',
      source: 'project contract, section 5',
    },
    {
      name: 'burstWindowMs',
      unit: 'ms',
      default: DAY_MS,
      minimum: MINUTE_MS,
      maximum: 7 * DAY_MS,
      help: 'window of the bursts',
      source: 'project contract, section 5',
    },
    {
      name: 'restMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time below `on` after which the line has stopped: a finding closes, a later start is a restart',
      source: 'project contract, section 5',
    },
  ],
  limits: ORDER_BLIND,
  explain: (evidence) => explainProduction(evidence, { zh: '停产', en: 'to stop' }),
};
