/** Covered spans of a stack's instruments go to the rules about channels, once the meters say whether it operated. */
import { frozen, stepFrozen } from '../rules/falsification.frozen.ts';
import { pinned, stepPinned } from '../rules/falsification.pinned.ts';
import { sampling, stepSampling } from '../rules/quality.sampling.ts';
import type { ChannelSpan } from './channel-span.ts';
import { rangeValue, standsAtAnEnd } from '../rules/range-end.ts';
import { AIR_O2_PERCENT } from '../means/oxygen.ts';
import type { BoundInstrument, BoundOutlet, BoundSite } from './bound-parts.ts';
import { channelOf } from './bound-site.ts';
import type { Segment } from './covered-time.ts';
import type { EventState, OutletStream } from './event-state.ts';
import { onThreshold } from './meter-power.ts';
import { isEndInDoubt } from './range-doubt.ts';
import type { Scribe } from './scribe.ts';
import { sweep } from './timeline.ts';

interface ChannelStream {
  readonly state: EventState;
  readonly scribe: Scribe;
  readonly bound: BoundSite;
}

/** The registry's cadence, unless the span shows another: hours from a device that should send minutes stay hours. */
function cadenceOf(everyMs: number, segment: Segment): number {
  const length = segment.end - segment.start;
  return length > 1.5 * everyMs ? length : everyMs;
}

function advanceStandstill({ plan, stream, members }: BoundOutlet, now: number): void {
  sweep(stream.timeline, now, members, (start, end, said) => {
    for (let member = 0; member < plan.meters.length; member += 1) {
      const power = said[member];
      const meter = plan.meters[member] as (typeof plan.meters)[number];
      const memory = members[member]?.memory;
      const on = memory === undefined ? meter.on : onThreshold(memory, meter);
      if (power === undefined || on === undefined || power >= on) return;
    }
    const { standstill } = stream;
    const last = standstill[standstill.length - 1];
    if (last !== undefined && last[1] === start) last[1] = end;
    else standstill.push([start, end]);
  });
}

/** Known to stand for the whole of the span. */
function isStanding({ plan, stream }: BoundOutlet, segment: Segment): boolean {
  if (plan.meters.length > 0) {
    const { standstill } = stream;
    while (standstill.length > 0 && (standstill[0] as [number, number])[1] <= segment.start) standstill.shift();
    const first = standstill[0];
    return first !== undefined && first[0] <= segment.start && first[1] >= segment.end;
  }
  if (plan.outlet.o2Reference === undefined) return false;
  const o2 = segment.readings.find((reading) => reading.signal === 'o2')?.value;
  return typeof o2 === 'number' && o2 >= AIR_O2_PERCENT;
}

function stepChannels(stream: ChannelStream, instrument: BoundInstrument, segment: Segment, now: number): void {
  const { scribe, state } = stream;
  const contexts = {
    frozen: scribe.context(frozen),
    pinned: scribe.context(pinned),
    sampling: scribe.context(sampling),
  };
  const span: ChannelSpan = {
    start: segment.start,
    end: segment.end,
    operating: !isStanding(instrument.outlet, segment),
    everyMs: cadenceOf(instrument.everyMs, segment),
    at: now,
  };
  const { readings } = segment;
  for (let index = 0; index < readings.length; index += 1) {
    const { signal, value, flag } = readings[index] as (typeof readings)[number];
    const channel = channelOf(instrument, index, signal);
    if (typeof value !== 'number') continue;
    const usable = flag === 'N' && !Number.isNaN(value) ? value : undefined;
    if (channel.sampling !== undefined)
      stepSampling(channel.sampling, span, usable, { channel, context: contexts.sampling });
    if (!channel.isLively) continue;
    stepFrozen(channel.frozen, span, usable, { channel, context: contexts.frozen });
    const told = rangeValue(flag, value);
    const isInDoubt =
      told !== undefined &&
      standsAtAnEnd(channel, told) &&
      isEndInDoubt(state, instrument, segment, { channel, value: told });
    stepPinned(channel.pinned, span, isInDoubt ? undefined : told, { channel, context: contexts.pinned });
  }
}

function instrumentOf(stream: ChannelStream, outlet: BoundOutlet, device: string): BoundInstrument | undefined {
  return stream.bound.devices.get(device)?.instruments.find((instrument) => instrument.outlet === outlet);
}

/** Hands on the waiting spans that the production meters have caught up with by stream time `now`. */
export function sweepOutlet(stream: ChannelStream, outlet: BoundOutlet, now: number): void {
  const { plan, stream: state } = outlet;
  if (plan.meters.length > 0) advanceStandstill(outlet, now);
  if (state.waiting.length === 0) return;
  const settled = plan.meters.length === 0 ? now : state.timeline.doneTo;
  // Meters that were never heard decide nothing: the stack is taken as operating.
  const ready = settled ?? now;
  while (state.waiting.length > 0) {
    const first = state.waiting[0] as OutletStream['waiting'][number];
    if (first.segment.end > ready) return;
    state.waiting.shift();
    const instrument = instrumentOf(stream, outlet, first.device);
    if (instrument !== undefined) stepChannels(stream, instrument, first.segment, now);
  }
}
