/** What a site's plan and state are joined into; see `bound-site.ts`. Types alone. */
import type { FrozenState } from '../rules/falsification.frozen.ts';
import type { PinnedChannel, PinnedState } from '../rules/falsification.pinned.ts';
import type { SamplingState } from '../rules/quality.sampling.ts';
import type { IdleState } from '../rules/treatment.idle.ts';
import type { BoundMeter } from './bound-meter.ts';
import type { Track } from './covered-time.ts';
import type { DeviceRuleState, LineState, OutletStream } from './event-state.ts';
import type { SignKind, Word } from './line-words.ts';
import type { MeterMemory } from './meter-power.ts';
import type { DevicePlan, LinePlan, OutletPlan } from './site-plan.ts';

/** A device that has a say in a line or an outlet. */
export interface BoundMember {
  readonly id: string;
  readonly everyMs: number;
  readonly track: Track;
  /** Of a meter; undefined = other devices. */
  readonly memory: MeterMemory | undefined;
}

/** A device that speaks of a line's production besides its meters. */
export interface SignSource {
  readonly device: string;
  readonly kind: SignKind;
  readonly member: BoundMember;
  /** Its words about the line that are still needed; part of the line's state. */
  readonly words: Word[];
  /** Other lines that it sees as well. */
  readonly others: readonly BoundLine[];
}

export interface BoundLine {
  readonly plan: LinePlan;
  readonly state: LineState;
  /** In the order of the plan's meters. */
  readonly members: readonly BoundMember[];
  /** Cameras, stack monitors and gates that speak of its production. */
  readonly signs: readonly BoundMember[];
  /** The same with what they said, where the line has meters to compare it with. */
  readonly sources: SignSource[];
  readonly stages: readonly BoundStage[];
}

/** Treatment meters that stand in for each other, or one by itself. */
export interface BoundStage {
  /** Their places among the treatment meters. */
  readonly members: readonly number[];
  readonly idle: IdleState;
}

export interface BoundOutlet {
  readonly plan: OutletPlan;
  readonly stream: OutletStream;
  /** Production meters, in the order of the plan. */
  readonly members: readonly BoundMember[];
}

/** One signal of one instrument at one outlet. */
export interface BoundChannel extends PinnedChannel {
  readonly isPollutant: boolean;
  /** A pollutant, or a quantity that varies by itself while the plant works. */
  readonly isLively: boolean;
  readonly frozen: FrozenState;
  readonly pinned: PinnedState;
  /** Of a temperature of the sampling; undefined = another signal, or told at the instrument's first outlet. */
  readonly sampling: SamplingState | undefined;
}

/** A device that measures an outlet. */
export interface BoundInstrument {
  readonly outlet: BoundOutlet;
  readonly device: DevicePlan;
  readonly everyMs: number;
  readonly channels: Map<string, BoundChannel>;
  /** The channels as its last report had them: the next one has them alike. */
  readonly lastOrder: BoundChannel[];
}

export interface BoundDevice extends BoundMember {
  readonly plan: DevicePlan;
  readonly lines: readonly { readonly line: BoundLine; readonly member: number }[];
  readonly fedOutlets: readonly { readonly outlet: BoundOutlet; readonly member: number }[];
  readonly instruments: readonly BoundInstrument[];
  readonly signOf: readonly BoundLine[];
  /** Of a meter; undefined = other devices. */
  readonly meter: BoundMeter | undefined;
  /** State of the rules that look at the device alone. */
  readonly rules: DeviceRuleState;
}

export interface BoundSite {
  readonly devices: ReadonlyMap<string, BoundDevice>;
  readonly lines: readonly BoundLine[];
  readonly outlets: readonly BoundOutlet[];
}
