/**
 * The mean that a device reports is not the mean of the values that the same device reported: one of the two was made
 * by hand.
 *
 * Innocent look-alikes: rounding of either (the resolution is allowed for), a period that begins one sample off in a
 * steep rise, parts that a mark takes out, the hour in
 * which the monitor was first heard, parts lost on the way that would explain the difference, a day's mean made of all
 * hours or of those at work only. Parts that come late are read in their place before this looks at them.
 */
import type { Subject } from '../../contracts/finding.ts';
import { isListDue, MOST_LISTED } from '../findings/growth.ts';
import { formatNumber, formatWhen, list, part, signalZh, text, unitOf } from '../findings/words.ts';
import { contradictionOf, learnDecimals, type Contradiction, type Decimals, type OwnMeanInput } from './own-mean.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  differs: ['与其自报细粒度有效数据的均值不符', 'does not agree with the mean of the finer values it sent itself'],
  'outside-parts': ['落在其自报细粒度数据的最小值与最大值之外', 'lies outside the least and greatest of those values'],
  'outside-own': ['落在该报文自身给出的最小值与最大值之外', 'lies outside the minimum and maximum of the same report'],
};

const PERIODS: Readonly<Record<string, readonly [string, string]>> = {
  PT10M: ['10 分钟', 'ten-minute'],
  PT15M: ['15 分钟', 'quarter-hour'],
  PT1H: ['小时', 'hourly'],
  P1D: ['日', 'daily'],
};

export const averageMismatch: RuleFacts = {
  id: 'falsification.average-mismatch',
  version: 1,
  category: 'falsification',
  title: { zh: '均值与明细不符', en: 'Mean does not agree with its parts' },
  summary: {
    zh: '设备自报的时段均值与其自报的有效明细数据矛盾。',
    en: "The device's own mean of a period contradicts the valid finer values that the same device reported.",
  },
  severities: ['high'],
  basis: [
    {
      document: 'project contract',
      clause: 'section 5: differs by more than max(2 × resolution, 1 %), or lies outside the min and max of its parts',
    },
    { document: 'HJ 212-2017', clause: 'C.16-C.18: minute, hour and day data are made of the finer ones' },
    {
      document: 'EPA 40 CFR 75 check specifications',
      clause: 'every derived hourly value is recomputed from its parts',
    },
  ],
  parameters: [
    {
      name: 'share',
      unit: '1',
      default: 0.01,
      minimum: 0.001,
      maximum: 0.5,
      help: 'difference as a share of the mean of the parts',
      source: 'project contract, section 5',
    },
    {
      name: 'resolutions',
      unit: '1',
      default: 2,
      minimum: 1,
      maximum: 100,
      help: "difference in steps of the signal's resolution; without one in the registry, of the decimals that the device shows",
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '瞬时值上报稀疏且波动大时，设备内部均值可能确实不同于上报值的均值。',
      en: 'A monitor that sends one spot value a minute of a very lively gas may honestly average more than it sends.',
    },
    {
      zh: '明细与均值一起伪造时看不出矛盾。',
      en: 'Values and means that were forged together agree with each other.',
    },
    {
      zh: '明细不足 75% 的时段、有维护或校准标记的时段、首次收到数据所在的时段不判断。',
      en: 'A period with fewer than 75 % of its parts, under a maintenance or calibration mark, or in which the monitor was first heard, is not judged.',
    },
  ],
  explain: (evidence) => {
    const worst = part(evidence['worst']);
    const unit = unitOf(evidence['signal']);
    const [zhWhy, enWhy] = REASONS[String(worst['why'])] ?? ['?', '?'];
    const [zhPeriod, enPeriod] = PERIODS[String(evidence['average'])] ?? ['', text(evidence['average'])];
    const own = `${formatNumber(worst['deviceMean'])}${unit}`;
    const from = formatWhen(list(evidence['periods'])[0]?.['start']);
    const isOwn = worst['why'] === 'outside-own';
    const low = formatNumber(isOwn ? worst['deviceMin'] : worst['min']);
    const high = `${formatNumber(isOwn ? worst['deviceMax'] : worst['max'])}${unit}`;
    const known = worst['partsMean'] === undefined ? ['', ''] : meanWords(worst, unit);
    return {
      zh: `自 ${from} 起 ${formatNumber(evidence['count'])} 个${zhPeriod}均值有矛盾：设备 ${text(evidence['device'])} 自报${signalZh(evidence['signal'])} ${own}，${zhWhy}${known[0]}，最小 ${low}，最大 ${high}。均值与明细必有其一被改动，应现场核查数采仪。`,
      en: `From ${from}, ${formatNumber(evidence['count'])} ${enPeriod} means contradict themselves: device ${text(evidence['device'])} reported ${own} of ${text(evidence['signal'])}, which ${enWhy}${known[1]}, least ${low}, greatest ${high}. Mean or values were changed: check the logger on site.`,
    };
  },
};

function meanWords(worst: Readonly<Record<string, unknown>>, unit: string): readonly [string, string] {
  const mean = `${formatNumber(worst['partsMean'])}${unit}`;
  const parts = `${formatNumber(worst['valid'])}/${formatNumber(worst['expected'])}`;
  return [`（${parts} 个明细均值 ${mean}）`, ` (${mean} over ${parts} parts)`];
}

interface MismatchRun {
  readonly start: number;
  end: number;
  readonly detectedAt: number;
  count: number;
  coveredMs: number;
  toldMs: number;
  periods: Readonly<Record<string, unknown>>[];
  worst: Readonly<Record<string, unknown>>;
  worstBy: number;
}

/** One signal of one device. Part of snapshots. */
export interface OwnMeanState {
  decimals: Decimals;
  /** By averaging period. */
  runs: Record<string, MismatchRun>;
}

export function initialOwnMeanState(): OwnMeanState {
  return { decimals: [0, 0, 0], runs: {} };
}

function periodEvidence(
  input: OwnMeanInput,
  found: Contradiction,
  context: RuleContext,
): Readonly<Record<string, unknown>> {
  const { parts, min, max } = input;
  return {
    start: context.time.format(input.start),
    deviceMean: input.mean,
    ...(parts === undefined
      ? {}
      : {
          partsMean: parts.mean,
          min: parts.min,
          max: parts.max,
          valid: parts.valid,
          expected: parts.expected,
          parts: parts.unit,
        }),
    ...(min === undefined ? {} : { deviceMin: min }),
    ...(max === undefined ? {} : { deviceMax: max }),
    why: found.why,
    difference: found.difference,
    tolerance: found.tolerance,
  };
}

interface Scope {
  readonly subject: Subject;
  readonly context: RuleContext;
}

function emitRun(run: MismatchRun, average: string, { subject, context }: Scope, isOpen: boolean): void {
  run.toldMs = run.coveredMs;
  context.emit({
    rule: averageMismatch,
    subject,
    startAt: run.start,
    endAt: isOpen ? null : run.end,
    state: isOpen ? 'open' : 'closed',
    detectedAt: run.detectedAt,
    severity: 'high',
    confidence: run.count > 1 ? 1 : 0.97,
    discriminator: average,
    evidence: {
      device: subject.device,
      signal: subject.signal,
      average,
      count: run.count,
      periods: [...run.periods],
      worst: run.worst,
      share: context.parameter('share'),
      resolutions: context.parameter('resolutions'),
    },
  });
}

function endRun(state: OwnMeanState, average: string, scope: Scope): void {
  const run = state.runs[average];
  if (run === undefined) return;
  emitRun(run, average, scope, false);
  Reflect.deleteProperty(state.runs, average);
}

function extendRun(state: OwnMeanState, input: OwnMeanInput, found: Contradiction, scope: Scope): void {
  const { average, start, end } = input;
  const before = state.runs[average];
  if (before !== undefined && before.end !== start) endRun(state, average, scope);
  const shown = periodEvidence(input, found, scope.context);
  const counters = { count: 0, coveredMs: 0, toldMs: 0, periods: [], worst: shown, worstBy: 0 };
  const run = (state.runs[average] ??= { start, end, detectedAt: end, ...counters });
  run.end = end;
  run.count += 1;
  run.coveredMs += end - start;
  if (run.periods.length < MOST_LISTED) run.periods.push(shown);
  const by = Math.abs(found.difference) / found.tolerance;
  if (by > run.worstBy) {
    run.worstBy = by;
    run.worst = shown;
  }
  if (run.count === 1 || isListDue(run.toldMs, run.coveredMs)) emitRun(run, average, scope, true);
}

/** Whether an own mean without a contradiction shows that the run is over. */
function isContrary(input: OwnMeanInput, run: MismatchRun): boolean {
  if (input.parts !== undefined) return true;
  return run.worst['why'] === 'outside-own' && input.min !== undefined && input.max !== undefined;
}

/** One own mean. One that cannot be judged neither extends nor ends; one that agrees ends. */
export function stepOwnMean(state: OwnMeanState, input: OwnMeanInput, scope: Scope): void {
  learnDecimals(state.decimals, input);
  const { context } = scope;
  const found = contradictionOf(input, state.decimals, {
    share: context.parameter('share'),
    resolutions: context.parameter('resolutions'),
  });
  if (found !== undefined) {
    extendRun(state, input, found, scope);
    return;
  }
  const run = state.runs[input.average];
  if (run !== undefined && isContrary(input, run)) endRun(state, input.average, scope);
}
