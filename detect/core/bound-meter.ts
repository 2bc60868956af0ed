/** A meter joined with what the rule about meters remembers of it, and with the meters before and behind it. */
import type { Subject } from '../../contracts/finding.ts';
import { initialChildrenState, type FamilyFacts } from '../rules/meter-children.ts';
import type { PhaseSubjects } from '../rules/meter-phase.ts';
import type { RegisterFacts } from '../rules/meter-register.ts';
import { deviceSubject } from './device-subject.ts';
import { ruleStateOf, type EventState } from './event-state.ts';
import type { FamilyPlan } from './family-plan.ts';
import type { FamilyState, MeterRuleState } from './meter-rule-state.ts';
import type { DevicePlan, SitePlan } from './site-plan.ts';
import { fitTimeline, initialTimeline, type Speaker } from './timeline.ts';

/** A device as a speaker of a timeline. */
export interface FamilyMember extends Speaker {
  readonly id: string;
}

export interface BoundFamily {
  readonly state: FamilyState;
  readonly facts: FamilyFacts;
  /** The whole first, then its parts. */
  readonly members: readonly FamilyMember[];
}

export interface BoundMeter {
  readonly rules: MeterRuleState;
  readonly register: RegisterFacts;
  readonly phases: PhaseSubjects;
  /** Families that it is the whole or a part of. */
  readonly families: readonly { readonly family: BoundFamily; readonly member: number }[];
}

type Families = ReadonlyMap<string, BoundMeter['families']>;

function rulesOf(state: EventState, device: string): MeterRuleState {
  return (ruleStateOf(state, device).meter ??= {});
}

function bindFamily(
  { parent, children }: FamilyPlan,
  plan: DevicePlan,
  state: EventState,
  members: readonly FamilyMember[],
): BoundFamily {
  const ids = [parent, ...children].map(({ id }) => id);
  const rules = rulesOf(state, parent.id);
  const before = rules.family?.timeline.ids;
  rules.family ??= { timeline: initialTimeline(ids.length), children: initialChildrenState() };
  // Other parts are another comparison.
  const isSame = before === undefined || (before.length === ids.length && before.every((id, at) => id === ids[at]));
  if (!isSame && rules.family.children.open === null) rules.family.children = initialChildrenState();
  fitTimeline(rules.family.timeline, ids);
  return {
    state: rules.family,
    facts: {
      subject: deviceSubject(plan, 'power'),
      children: children.map(({ id }) => id),
      ratedKw: plan.rated,
      slowestMs: Math.max(...[parent, ...children].map(({ everyMs }) => everyMs)),
    },
    members,
  };
}

/** @param membersOf the devices as speakers of a timeline */
export function bindFamilies(
  plan: SitePlan,
  state: EventState,
  membersOf: (ids: readonly string[]) => readonly FamilyMember[],
): Families {
  const families = new Map<string, { family: BoundFamily; member: number }[]>();
  for (const family of plan.families) {
    const parent = plan.devices.get(family.parent.id);
    if (parent === undefined) continue;
    const members = membersOf([family.parent, ...family.children].map(({ id }) => id));
    const bound = bindFamily(family, parent, state, members);
    members.forEach(({ id }, member) => {
      families.set(id, [...(families.get(id) ?? []), { family: bound, member }]);
    });
  }
  return families;
}

export function bindMeter(plan: DevicePlan, state: EventState, families: Families): BoundMeter | undefined {
  const { id, kind } = plan.device;
  if (kind !== 'meter') return undefined;
  const current = (phase: string): Subject => deviceSubject(plan, `current-${phase}`);
  return {
    rules: rulesOf(state, id),
    register: { subject: deviceSubject(plan, 'energy'), ctRatio: plan.device.ctRatio, isServiced: false },
    phases: { phases: [current('a'), current('b'), current('c')], power: deviceSubject(plan, 'power') },
    families: families.get(id) ?? [],
  };
}
