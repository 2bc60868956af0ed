/**
 * The plan of a site joined with its state: everything that a report of a device touches, looked up once instead of
 * with each report. Made anew when a rewind replaces the state or a registry the plan; never part of a snapshot.
 */
import { initialFrozenState } from '../rules/falsification.frozen.ts';
import { initialPinnedState } from '../rules/falsification.pinned.ts';
import { initialSamplingState, isSamplingSignal } from '../rules/quality.sampling.ts';
import { bindFamilies, bindMeter } from './bound-meter.ts';
import { initialIdleState } from '../rules/treatment.idle.ts';
import { initialTrack } from './covered-time.ts';
import { lineState, outletStream, ruleStateOf, type EventState, type LineState } from './event-state.ts';
import { initialMeterMemory } from './meter-power.ts';
import type {
  BoundMember,
  BoundLine,
  BoundStage,
  BoundOutlet,
  BoundChannel,
  BoundInstrument,
  BoundDevice,
  BoundSite,
} from './bound-parts.ts';
import { bindSources } from './sign-sources.ts';
import { fitTimeline } from './timeline.ts';
import { isPollutant, type DevicePlan, type LinePlan, type OutletPlan, type SitePlan } from './site-plan.ts';

/** Signals of a stack that vary by themselves while it works. */
const LIVELY: ReadonlySet<string> = new Set(['o2', 'flow', 'velocity', 'temp', 'humidity', 'pressure', 'furnace-temp']);

/** Of these a value below zero is nothing unusual: without a range nobody knows their lowest step. */
const SIGNED: ReadonlySet<string> = new Set(['pressure', 'temp', 'furnace-temp']);

/** The channel of a reading of this instrument. */
export function channelOf(instrument: BoundInstrument, index: number, signal: string): BoundChannel {
  const likely = instrument.lastOrder[index];
  if (likely !== undefined && likely.signal === signal) return likely;
  let channel = instrument.channels.get(signal);
  if (channel === undefined) {
    channel = bindChannel(instrument, signal);
    instrument.channels.set(signal, channel);
  }
  instrument.lastOrder[index] = channel;
  return channel;
}

function isTemperatureOfSampling({ outlet, device }: BoundInstrument, signal: string): boolean {
  return isSamplingSignal(signal) && device.outlets[0] === outlet.plan;
}

/** The state of a rule about a channel; what is not watched leaves nothing behind. */
function slotOf<T>(
  states: Record<string, Record<string, T>>,
  { device, signal, isWatched }: { device: string; signal: string; isWatched: boolean },
  initial: () => T,
): T {
  return isWatched ? ((states[device] ??= {})[signal] ??= initial()) : initial();
}

function bindChannel(instrument: BoundInstrument, signal: string): BoundChannel {
  const { plan, stream } = instrument.outlet;
  const { id, ranges, resolution, limits } = plan.outlet;
  const device = instrument.device.device.id;
  const range = ranges[signal];
  const isLively = isPollutant(signal) || LIVELY.has(signal);
  const watched = { device, signal, isWatched: isLively };
  const sampled = { device, signal, isWatched: isTemperatureOfSampling(instrument, signal) };
  return {
    signal,
    subject: { outlet: id, device, signal },
    resolution: resolution[signal],
    range,
    lowest: range?.[0] ?? (SIGNED.has(signal) ? undefined : 0),
    limits: limits.filter((limit) => limit.signal === signal),
    isPollutant: isPollutant(signal),
    isLively,
    frozen: slotOf(stream.frozen, watched, initialFrozenState),
    pinned: slotOf(stream.pinned, watched, initialPinnedState),
    sampling: sampled.isWatched ? slotOf(stream.sampling, sampled, initialSamplingState) : undefined,
  };
}

interface Binding {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly members: Map<string, BoundMember>;
}

function memberOf({ plan, state, members }: Binding, id: string): BoundMember | undefined {
  const known = members.get(id);
  const device = plan.devices.get(id);
  if (known !== undefined || device === undefined) return known;
  const member: BoundMember = {
    id,
    everyMs: device.device.everyMs,
    track: (state.tracks[id] ??= initialTrack()),
    memory: device.isLineMeter ? (state.meters[id] ??= initialMeterMemory()) : undefined,
  };
  members.set(id, member);
  return member;
}

function membersOf(binding: Binding, ids: readonly string[]): BoundMember[] {
  return ids.flatMap((id) => memberOf(binding, id) ?? []);
}

function bindLine(binding: Binding, plan: LinePlan): BoundLine {
  const ids = plan.meters.map(({ device }) => device.id);
  const state = lineState(binding.state, plan.line.id, ids.length);
  fitTimeline(state.timeline, ids);
  const signs = membersOf(binding, plan.signs);
  return { plan, state, members: membersOf(binding, ids), signs, sources: [], stages: bindStages(plan, state) };
}

function bindStages(plan: LinePlan, { watch }: LineState): BoundStage[] {
  const stages = new Map<string, number[]>();
  plan.meters.slice(plan.productionCount).forEach(({ device, stage }, member) => {
    const key = stage === undefined ? `meter ${device.id}` : `stage ${stage}`;
    stages.set(key, [...(stages.get(key) ?? []), member]);
  });
  return [...stages].map(([key, members]) => ({ members, idle: (watch.idle[key] ??= initialIdleState()) }));
}

function bindOutlet(binding: Binding, plan: OutletPlan): BoundOutlet {
  const ids = plan.meters.map(({ device }) => device.id);
  const stream = outletStream(binding.state, plan.outlet.id, ids.length);
  fitTimeline(stream.timeline, ids);
  return { plan, stream, members: membersOf(binding, ids) };
}

function bindDevice(
  binding: Binding,
  plan: DevicePlan,
  bound: {
    lines: ReadonlyMap<LinePlan, BoundLine>;
    outlets: ReadonlyMap<OutletPlan, BoundOutlet>;
    families: ReturnType<typeof bindFamilies>;
  },
): BoundDevice[] {
  const { id, everyMs } = plan.device;
  const member = memberOf(binding, id);
  if (member === undefined) return [];
  return [
    {
      ...member,
      plan,
      lines: plan.lines.flatMap(({ plan: line, member: at }) => {
        const found = bound.lines.get(line);
        return found === undefined ? [] : [{ line: found, member: at }];
      }),
      fedOutlets: plan.fedOutlets.flatMap(({ plan: outlet, member: at }) => {
        const found = bound.outlets.get(outlet);
        return found === undefined ? [] : [{ outlet: found, member: at }];
      }),
      instruments: plan.outlets.flatMap((outletPlan) => {
        const outlet = bound.outlets.get(outletPlan);
        return outlet === undefined ? [] : [{ outlet, device: plan, everyMs, channels: new Map(), lastOrder: [] }];
      }),
      signOf: plan.signOf.flatMap((line) => bound.lines.get(line) ?? []),
      meter: bindMeter(plan, binding.state, bound.families),
      rules: ruleStateOf(binding.state, id),
    },
  ];
}

/** Joins plan and state; parts of the state that are not there yet are made. */
export function bindSite(plan: SitePlan, state: EventState): BoundSite {
  const binding: Binding = { plan, state, members: new Map() };
  const lines = new Map(plan.lines.map((line) => [line, bindLine(binding, line)]));
  bindSources([...lines.values()], (id) => plan.devices.get(id)?.device.kind);
  const outlets = new Map(plan.outlets.map((outlet) => [outlet, bindOutlet(binding, outlet)]));
  const families = bindFamilies(plan, state, (ids) => membersOf(binding, ids));
  const devices = new Map<string, BoundDevice>();
  for (const [id, device] of plan.devices) {
    for (const bound of bindDevice(binding, device, { lines, outlets, families })) devices.set(id, bound);
  }
  return { devices, lines: [...lines.values()], outlets: [...outlets.values()] };
}
