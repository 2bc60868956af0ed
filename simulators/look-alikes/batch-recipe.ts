import { HOUR_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const BATCH_MS = 2 * HOUR_MS;

/** The same recipe every two hours: load, flow and gases go through the same shape, each with its own noise. */
export const batchRecipe: LookAlikeKind = {
  id: 'batch-recipe',
  rule: null,
  resembles: 'falsification.replay',
  trap: 'replay: batch recipe',
  does: 'the line goes through the same shape of work every two hours',
  needs: ['line'],
  defaults: { minutes: 2_880 },
  disturb: (conditions, { settings: { line }, span, at }) => {
    const part = ((at - span.fromAt) % BATCH_MS) / BATCH_MS;
    const factor = 0.75 + 0.25 * Math.sin(2 * Math.PI * part) * Math.sin(Math.PI * part);
    return { ...conditions, lineFactors: { ...conditions.lineFactors, [line]: factor } };
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
