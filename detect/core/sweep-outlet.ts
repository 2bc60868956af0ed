/** Covered spans of a stack's instruments go to the rules about channels, once the meters say whether it operated. */
import { frozen, initialFrozenState, stepFrozen } from '../rules/falsification.frozen.ts';
import { AIR_O2_PERCENT } from '../means/oxygen.ts';
import { deviceReachMs, type Segment } from './covered-time.ts';
import { outletStream, type EventState, type OutletStream } from './event-state.ts';
import { onThreshold } from './meter-power.ts';
import type { Scribe } from './scribe.ts';
import { isPollutant, type OutletPlan, type SitePlan } from './site-plan.ts';
import { sweep } from './timeline.ts';

interface ChannelStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

/** Signals of a stack that vary by themselves while it works. */
const LIVELY: ReadonlySet<string> = new Set(['o2', 'flow', 'velocity', 'temp', 'humidity', 'pressure', 'furnace-temp']);

/** Of these a value below zero is nothing unusual: without a range nobody knows their lowest step. */
const SIGNED: ReadonlySet<string> = new Set(['pressure', 'temp', 'furnace-temp']);

function lowestValue(plan: OutletPlan, signal: string): number | undefined {
  return plan.outlet.ranges[signal]?.[0] ?? (SIGNED.has(signal) ? undefined : 0);
}

/** The registry's cadence, unless the span shows another: hours from a device that should send minutes stay hours. */
function cadenceOf(everyMs: number, segment: Segment): number {
  const length = segment.end - segment.start;
  return length > 1.5 * everyMs ? length : everyMs;
}

function advanceStandstill(stream: ChannelStream, plan: OutletPlan, outlet: OutletStream, now: number): void {
  const reach = (member: number): number => {
    const device = plan.meters[member]?.device;
    return device === undefined ? 0 : deviceReachMs(stream.state.tracks, device, now);
  };
  sweep(outlet.timeline, now, reach, (start, end, said) => {
    const standing = plan.meters.every((meter, member) => {
      const power = said[member];
      const memory = stream.state.meters[meter.device.id];
      const on = memory === undefined ? meter.on : onThreshold(memory, meter);
      return power !== undefined && on !== undefined && power < on;
    });
    if (!standing) return;
    const last = outlet.standstill[outlet.standstill.length - 1];
    if (last !== undefined && last[1] === start) last[1] = end;
    else outlet.standstill.push([start, end]);
  });
}

/** Known to stand for the whole of the span. */
function isStanding(plan: OutletPlan, outlet: OutletStream, segment: Segment): boolean {
  if (plan.meters.length > 0) {
    while (outlet.standstill.length > 0 && (outlet.standstill[0] as [number, number])[1] <= segment.start)
      outlet.standstill.shift();
    return outlet.standstill.some(([from, to]) => from <= segment.start && to >= segment.end);
  }
  if (plan.outlet.o2Reference === undefined) return false;
  const o2 = segment.readings.find((reading) => reading.signal === 'o2')?.value;
  return typeof o2 === 'number' && o2 >= AIR_O2_PERCENT;
}

function stepChannels(
  stream: ChannelStream,
  plan: OutletPlan,
  outlet: OutletStream,
  at: { device: string; segment: Segment; now: number },
): void {
  const { segment, device } = at;
  const operating = !isStanding(plan, outlet, segment);
  const everyMs = stream.plan.site.devices.get(device)?.everyMs ?? 60_000;
  const context = stream.scribe.context(frozen);
  const channels = (outlet.frozen[device] ??= {});
  for (const reading of segment.readings) {
    const { signal, value } = reading;
    if (typeof value !== 'number' || !(isPollutant(signal) || LIVELY.has(signal))) continue;
    const state = (channels[signal] ??= initialFrozenState());
    stepFrozen(
      state,
      {
        start: segment.start,
        end: segment.end,
        value: reading.flag === 'N' && !Number.isNaN(value) ? value : undefined,
        operating,
        everyMs: cadenceOf(everyMs, segment),
        resolution: plan.outlet.resolution[signal],
        lowest: lowestValue(plan, signal),
        at: at.now,
      },
      context,
      { outlet: plan.outlet.id, device, signal },
    );
  }
}

/** Hands on the waiting spans that the production meters have caught up with by stream time `now`. */
export function sweepOutlet(stream: ChannelStream, plan: OutletPlan, now: number): void {
  const outlet = outletStream(stream.state, plan.outlet.id, plan.meters.length);
  if (plan.meters.length > 0) advanceStandstill(stream, plan, outlet, now);
  const settled = plan.meters.length === 0 ? now : outlet.timeline.doneTo;
  // Meters that were never heard decide nothing: the stack is taken as operating.
  const ready = settled ?? now;
  while (outlet.waiting.length > 0) {
    const first = outlet.waiting[0] as OutletStream['waiting'][number];
    if (first.segment.end > ready) return;
    outlet.waiting.shift();
    stepChannels(stream, plan, outlet, { device: first.device, segment: first.segment, now });
  }
}
