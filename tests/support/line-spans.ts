/** Spans of a line and a duty without a registry file: for the steps that rules about lines share. */
import type { Order } from '../../contracts/order.ts';
import type { Line, Site } from '../../contracts/registry/registry.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { dutyAt, type DutyContext } from '../../detect/core/order-duty.ts';
import type { LineSpan, Running } from '../../detect/rules/line-span.ts';
import type { ToldSpan } from '../../detect/core/line-words.ts';
import type { ToldPiece } from '../../detect/rules/order-signs.ts';
import type { Draft, RuleContext, RuleFacts } from '../../detect/rules/rule.ts';
import { moment } from './local-moment.ts';
import { smallRegistry } from './small-registry.ts';

const SHANGHAI = createLocalTime('Asia/Shanghai');

export const LINE: Line = {
  id: 'line-1',
  outlets: [],
  production: [],
  treatment: [],
  cameras: [],
  guaranteed: [],
  baseline: undefined,
  plan: [],
};

export function smallSite(site: Partial<Site> = {}): Site {
  const [first] = smallRegistry({ plant: ['m-mill'] }).sites.values();
  if (first === undefined) throw new RangeError('the small registry has no site');
  return { ...first, ...site };
}

/** In force from 08:00 to 20:00 for line-1, without grace. */
export function order(changes: Partial<Order> = {}): Order {
  const nobody = { sites: [], lines: [], industries: [], grades: [], districts: [] };
  return {
    id: 'R-1',
    kind: 'shutdown',
    level: 'orange',
    fromAt: moment('08:00'),
    toAt: moment('20:00'),
    daily: undefined,
    servedAt: undefined,
    graceMs: 0,
    scope: { ...nobody, lines: ['plant/line-1'] },
    exempt: { ...nobody, guaranteed: false },
    reducePercent: undefined,
    document: undefined,
    ...changes,
  };
}

export function dutyContext(changes: Partial<DutyContext> = {}): DutyContext {
  return { order: order(), site: smallSite(), line: LINE, time: SHANGHAI, ...changes };
}

/** The mill from one wall clock time to another. */
export function lineSpan(from: string, to: string, production: Running): LineSpan {
  const site = smallSite();
  const device = site.devices.get('m-mill');
  if (device === undefined) throw new RangeError('the small registry has no mill');
  const powerKw = production === 'on' ? 300 : production === 'off' ? 3 : undefined;
  const meter = { device, on: 200, rated: 1000, stage: undefined, need: 1 };
  return {
    site,
    line: LINE,
    start: moment(from),
    end: moment(to),
    production,
    productionMeters: [{ meter, running: production, powerKw, onKw: 200 }],
    treatmentMeters: [],
    at: moment(to),
  };
}

/** The line's meters and the other signs together, from one wall clock time to another, under an order. */
export function toldPiece(
  from: string,
  to: string,
  production: Running,
  told: Partial<ToldSpan> & { readonly context?: DutyContext } = {},
): ToldPiece {
  const { context = dutyContext(), ...changes } = told;
  const span: ToldSpan = {
    start: moment(from),
    end: moment(to),
    production,
    silent: production === 'unknown' ? 'm-mill' : '',
    isTold: false,
    isDenied: false,
    signs: [],
    at: moment(to),
    ...changes,
  };
  return { span, duty: dutyAt(context, span.start), order: context.order, dutyContext: context };
}

/** A context with the rule's defaults, and what was said through it. */
export function listening(rule: RuleFacts): { readonly context: RuleContext; readonly drafts: readonly Draft[] } {
  const drafts: Draft[] = [];
  const context: RuleContext = {
    site: 'plant',
    time: SHANGHAI,
    parameter: (name) => {
      const parameter = rule.parameters.find((candidate) => candidate.name === name);
      if (parameter === undefined) throw new RangeError(`rule ${rule.id} has no parameter ${name}`);
      return parameter.default;
    },
    emit: (draft) => {
      drafts.push(draft);
    },
  };
  return { context, drafts };
}
