/** A site as the rules' steps are handed it: what holds, what is remembered, and where findings go. */
import type { EventState } from './event-state.ts';
import type { Scribe } from './scribe.ts';
import type { SitePlan } from './site-plan.ts';

export interface SiteStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}
