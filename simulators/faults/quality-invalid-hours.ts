import { flagAll, type FaultKind } from './fault.ts';

/** The analyser is broken for most of a shift and says so: everything it sends is flagged D. */
export const qualityInvalidHours: FaultKind = {
  id: 'quality-invalid-hours',
  rule: 'quality.invalid-hours',
  needs: ['device'],
  defaults: {},
  alter: (report) => flagAll(report, 'D'),
  subject: ({ device }) => ({ device }),
};
