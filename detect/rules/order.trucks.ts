/**
 * A gate counts trucks while the plan of a line, called up by an order, allows none (no-trucks 禁止重型车辆进出).
 *
 * Innocent look-alikes: trucks in the grace or outside daily hours, a period that reaches out of the binding time, a
 * count that the device itself flags. Which trucks may drive all the same (electric, for livelihood) the count does
 * not say.
 */
import type { Order } from '../../contracts/order.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { Duty, DutyContext } from '../core/order-duty.ts';
import { graceEnd } from '../core/order-duty.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatNumber, formatWhen, text } from '../findings/words.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const orderTrucks: RuleFacts = {
  id: 'order.trucks',
  version: 1,
  category: 'order',
  title: { zh: '管控期间车辆进出', en: 'Trucks while none are allowed' },
  summary: {
    zh: '“一厂一策”在该级别禁止车辆运输，门禁仍有车辆进出记录。',
    en: 'A gate counts trucks while the plan of a line allows none.',
  },
  severities: ['medium'],
  basis: [
    {
      document: 'order that calls up the plans, and the plan of the line (一厂一策)',
      clause: 'measure no-trucks at the level, quoted in the evidence',
    },
    { document: 'project contract', clause: 'sections 3 and 5: plan measures bind after their grace' },
  ],
  parameters: [
    {
      name: 'trucks',
      unit: '1',
      default: 1,
      minimum: 1,
      maximum: 1_000,
      help: 'trucks in and out together in one report from which they count',
      source: 'the measure allows none',
    },
    {
      name: 'restMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time without trucks after which a finding closes',
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '门禁只计车次，分不清新能源车、民生保障车与受限车辆。',
      en: 'The gate counts trucks; electric ones, and those for the livelihood, look like any other.',
    },
    {
      zh: '跨出管控时间的报表不计入；不经门禁的车辆看不到。',
      en: 'A period that reaches out of the binding time does not count; what does not pass the gate is not seen.',
    },
  ],
  explain: (evidence) => ({
    zh: `管控令 ${text(evidence['order'])} 自 ${formatWhen(evidence['bindingSince'])} 起按生产线 ${text(evidence['line'])} 的“一厂一策”禁止车辆运输，但门禁 ${text(evidence['gates'])} 自 ${formatWhen(evidence['since'])} 起在 ${formatNumber(evidence['periods'])} 个时段记录到进厂 ${formatNumber(evidence['trucksIn'])} 车次、出厂 ${formatNumber(evidence['trucksOut'])} 车次，最近一次在 ${formatWhen(evidence['last'])} 之前。`,
    en: `From ${formatWhen(evidence['bindingSince'])} on order ${text(evidence['order'])} allows line ${text(evidence['line'])} no trucks, as its plan says, yet since ${formatWhen(evidence['since'])} gate ${text(evidence['gates'])} counted ${formatNumber(evidence['trucksIn'])} in and ${formatNumber(evidence['trucksOut'])} out in ${formatNumber(evidence['periods'])} reports, the last up to ${formatWhen(evidence['last'])}.`,
  }),
};

/** What a gate counted over a span; `undefined` = not valid. */
export interface GateSpan {
  readonly device: string;
  readonly start: number;
  readonly end: number;
  readonly trucksIn: number | undefined;
  readonly trucksOut: number | undefined;
  /** One of the counts is there and not valid. */
  readonly isDoubtful: boolean;
  readonly at: number;
}

/** One line under one order. Part of snapshots. */
export interface TrucksState {
  open: {
    readonly start: number;
    readonly detectedAt: number;
    end: number;
    trucksIn: number;
    trucksOut: number;
    periods: number;
    readonly gates: string[];
    /** Covered time without trucks, and up to where it is counted: two gates do not count one minute twice. */
    quietMs: number;
    quietTo: number;
    readonly told: Told;
  } | null;
}

export function initialTrucksState(): TrucksState {
  return { open: null };
}

interface Watch {
  readonly dutyContext: DutyContext;
  readonly context: RuleContext;
}

function emit(state: TrucksState, { dutyContext, context }: Watch, phase: 'open' | 'closed'): void {
  const { open } = state;
  if (open === null) return;
  const order: Order = dutyContext.order;
  context.emit({
    rule: orderTrucks,
    subject: { order: order.id, line: dutyContext.line.id },
    startAt: open.start,
    endAt: phase === 'closed' ? open.end : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: 'medium',
    confidence: 0.8,
    evidence: {
      order: order.id,
      kind: order.kind,
      level: order.level,
      ...(order.document === undefined ? {} : { document: order.document }),
      line: dutyContext.line.id,
      measure: 'no-trucks',
      bindingSince: context.time.format(graceEnd(dutyContext)),
      gates: open.gates.join(', '),
      since: context.time.format(open.start),
      last: context.time.format(open.end),
      trucksIn: open.trucksIn,
      trucksOut: open.trucksOut,
      periods: open.periods,
      neededTrucks: context.parameter('trucks'),
    },
  });
}

function takeTrucks(state: TrucksState, span: GateSpan, watch: Watch): void {
  const isNew = state.open === null;
  const open = (state.open ??= {
    start: span.start,
    detectedAt: span.at,
    end: span.end,
    trucksIn: 0,
    trucksOut: 0,
    periods: 0,
    gates: [],
    quietMs: 0,
    quietTo: span.end,
    told: { ms: 0, severity: 'medium' },
  });
  open.end = Math.max(open.end, span.end);
  open.trucksIn += span.trucksIn ?? 0;
  open.trucksOut += span.trucksOut ?? 0;
  open.periods += 1;
  if (!open.gates.includes(span.device)) {
    open.gates.push(span.device);
    open.gates.sort();
  }
  open.quietMs = 0;
  open.quietTo = open.end;
  if (isNew || isWorthTelling(open.told, open.end - open.start, 'medium')) emit(state, watch, 'open');
}

function takeQuiet(state: TrucksState, span: GateSpan, watch: Watch): void {
  const { open } = state;
  if (open === null) return;
  open.quietMs += Math.max(0, span.end - Math.max(span.start, open.quietTo));
  open.quietTo = Math.max(open.quietTo, span.end);
  if (open.quietMs >= watch.context.parameter('restMs')) closeTrucks(state, watch);
}

/** The order binds no longer, or it has been quiet for long enough. */
export function closeTrucks(state: TrucksState, watch: Watch): void {
  emit(state, watch, 'closed');
  state.open = null;
}

/** One span of a gate under one order for one line, and what the order asks at its start. */
export function stepTrucks(state: TrucksState, span: GateSpan, duty: Duty, watch: Watch): void {
  if (!duty.binding || duty.measure !== 'no-trucks') {
    if (state.open !== null) closeTrucks(state, watch);
    return;
  }
  // A period that reaches out of the binding time tells nothing of what happened within it.
  if (duty.until < span.end) return;
  const { trucksIn, trucksOut } = span;
  if ((trucksIn ?? 0) + (trucksOut ?? 0) >= watch.context.parameter('trucks')) takeTrucks(state, span, watch);
  // A half that is not valid may hide trucks: it shows no quiet.
  else if (!span.isDoubtful && (trucksIn ?? trucksOut) !== undefined) takeQuiet(state, span, watch);
}
