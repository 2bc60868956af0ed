/** What the kinds of `falsification.meter` remember. Part of snapshots. */
import type { ChildrenState } from '../rules/meter-children.ts';
import type { PhaseState } from '../rules/meter-phase.ts';
import type { RatioState } from '../rules/meter-ratio.ts';
import type { RegisterState } from '../rules/meter-register.ts';
import type { TimelineState } from './timeline.ts';

/** What `falsification.meter` remembers of one meter; a part is there once there is something to remember. */
export interface MeterRuleState {
  register?: RegisterState;
  phases?: PhaseState;
  ratio?: RatioState;
  /** Of a meter with others behind it. */
  family?: FamilyState;
}

export interface FamilyState {
  /** The whole first, then its parts. */
  timeline: TimelineState;
  children: ChildrenState;
}
