/**
 * A setting of an instrument is another one than before, and nobody declared to be at work on it.
 *
 * Innocent look-alikes: a calibration or repair that is declared (mark, or the channel flagged M or C), the daily
 * message of settings that are what they were, the same number written otherwise (1 and "1.0"), the first message of a
 * new device. A setting that is put back is the end of it, not another one.
 */
import type { Severity, Subject } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { formatNumber, formatWhen, list, signalZh, text } from '../findings/words.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const parameterChanged: RuleFacts = {
  id: 'falsification.parameter',
  version: 1,
  category: 'falsification',
  title: { zh: '仪器参数擅改', en: 'Setting changed without maintenance' },
  summary: {
    zh: '仪器量程、斜率、截距等参数被改动，而此时没有维护或校准标记。',
    en: 'A setting of the instrument (range, slope, intercept …) is changed with no maintenance or calibration declared.',
  },
  severities: ['medium', 'high'],
  basis: [
    {
      document: 'EPA field audit practice for continuous monitors',
      clause: 'correction factors, dilution settings and logged changes are asked for',
    },
    { document: 'project contract', clause: 'sections 2 and 5: settings changed without a maintenance mark' },
  ],
  parameters: [
    {
      name: 'afterMarkMs',
      unit: 'ms',
      default: HOUR_MS,
      minimum: 0,
      maximum: DAY_MS,
      help: 'how long after a maintenance or calibration mark has ended a change still counts as part of it',
      source: 'engineering judgement: settings are told with the next report, the mark is ended by hand',
    },
  ],
  limits: [
    {
      zh: '设备不上报参数，或上报的并非实际参数时，本规则看不到。',
      en: 'It sees what the device tells: a device that sends no settings, or false ones, is not caught.',
    },
    {
      zh: '首次上报的参数只作为基准，不判断其对错。',
      en: 'The first settings ever told are taken as they are, right or wrong.',
    },
    {
      zh: '自动调零仪器若不声明校准，其每次修正都会触发；应让其上报校准标记。',
      en: 'An analyser that adjusts itself without declaring a calibration trips it each time: let it declare one.',
    },
  ],
  explain: (evidence) => {
    const changes = list(evidence['changes']);
    const [first = {}] = changes;
    const { zh, en } = changeWords(first);
    const more = changes.length - 1;
    const others = changes.slice(1).map((change) => text(change['name']));
    const who = evidence['signal'] === undefined ? text(evidence['device']) : signalZh(evidence['signal']);
    const whoEn = text(evidence['signal'] ?? evidence['device']);
    return {
      zh: `${formatWhen(evidence['since'])} ${who}参数${zh}，当时及此前 ${formatNumber(evidence['afterMarkMinutes'])} 分钟内没有维护或校准标记。${more === 0 ? '' : `同时改动的还有：${others.join('、')}。`}请核对现场校准记录。`,
      en: `At ${formatWhen(evidence['since'])} a setting of ${whoEn} was changed: ${en}. No maintenance or calibration was declared then or in the ${formatNumber(evidence['afterMarkMinutes'])} minutes before.${more === 0 ? '' : ` Changed with it: ${others.join(', ')}.`} Ask for the calibration record.`,
    };
  },
};

/** Six digits: a slope of 0.98765 that becomes 0.98764 has to read differently. */
function settingText(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : text(value);
}

function changeWords(change: Readonly<Record<string, unknown>>): { zh: string; en: string } {
  const name = text(change['name']);
  const [before, after] = [settingText(change['before']), settingText(change['after'])];
  const held = formatWhen(change['heldSince']);
  const { ratio } = change;
  const times = typeof ratio === 'number' ? `，为原来的 ${formatNumber(ratio)} 倍` : '';
  const timesEn = typeof ratio === 'number' ? ` (${formatNumber(ratio)} times what it was)` : '';
  return {
    zh: ` ${name} 由 ${before}（自 ${held} 起）改为 ${after}${times}`,
    en: `${name} became ${after}${timesEn}, having been ${before} since ${held}`,
  };
}

export type Setting = number | string;

/** What is known of one setting. Part of snapshots. */
interface KnownSetting {
  readonly value: Setting;
  readonly since: number;
  /** The last value that needs no explanation: told first, or set under a mark. */
  readonly explained: Setting;
}

interface SettingChange {
  readonly name: string;
  readonly before: Setting;
  readonly after: Setting;
  readonly heldSince: number;
  /** null: it holds. */
  until: number | null;
}

interface Deviation {
  readonly start: number;
  readonly detectedAt: number;
  /** null: of the device as a whole. */
  readonly signal: string | null;
  severity: Severity;
  changes: SettingChange[];
}

/** Settings of one device. Part of snapshots. */
export interface ParameterState {
  known: Record<string, KnownSetting>;
  open: Deviation[];
}

export function initialParameterState(): ParameterState {
  return { known: {}, open: [] };
}

/** Settings as a report tells them. */
export interface SettingsInput {
  readonly settings: Readonly<Record<string, Setting>>;
  readonly ts: number;
  readonly endAt: number;
  readonly device: string;
  /** The signal that a setting speaks of; undefined = the device as a whole. */
  readonly signalOf: (name: string) => string | undefined;
  /** Whether somebody was declared to be at work on the signal (undefined = the device). */
  readonly isExplained: (signal: string | undefined) => boolean;
  /** Whether a limit or cap hangs on the signal. */
  readonly isDeciding: (signal: string | undefined) => boolean;
  readonly subjectOf: (signal: string | undefined) => Subject;
}

/** So many settings no instrument has: a device that makes up names does not fill the store. */
const MOST_SETTINGS = 1_000;
const EQUAL_SHARE = 1e-9;
/** Settings that scale, shift or cut a measured value. */
const SCALING =
  /^(slope|intercept|range|gain|offset|span|zero|factor|coefficient|dilution|o2-?ref|reference|full-?scale)/;

/** Numbers are told as text by some loggers. */
function toNumber(value: Setting): number {
  if (typeof value === 'number') return value;
  return value.trim() === '' ? Number.NaN : Number(value);
}

/** Equal within 1e-9 of the larger one; texts as they are written, blanks around them aside. */
export function isSameSetting(a: Setting, b: Setting): boolean {
  const [x, y] = [toNumber(a), toNumber(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return String(a).trim() === String(b).trim();
  return Math.abs(x - y) <= EQUAL_SHARE * Math.max(Math.abs(x), Math.abs(y));
}

function isScaling(name: string, signal: string | undefined): boolean {
  return SCALING.test(signal === undefined ? name : name.slice(signal.length + 1));
}

function ratioOf({ before, after }: SettingChange): number | null {
  const [x, y] = [toNumber(before), toNumber(after)];
  const ratio = y / x;
  return Number.isFinite(ratio) ? ratio : null;
}

function emitDeviation(deviation: Deviation, input: SettingsInput, context: RuleContext, end: number | null): void {
  const { time } = context;
  const signal = deviation.signal ?? undefined;
  context.emit({
    rule: parameterChanged,
    subject: input.subjectOf(signal),
    startAt: deviation.start,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: deviation.detectedAt,
    severity: deviation.severity,
    confidence: 0.95,
    evidence: {
      device: input.device,
      ...(signal === undefined ? {} : { signal }),
      since: time.format(deviation.start),
      names: deviation.changes.map(({ name }) => name),
      changes: deviation.changes.map((change) => ({
        name: change.name,
        before: change.before,
        after: change.after,
        heldSince: time.format(change.heldSince),
        ratio: ratioOf(change),
        ...(change.until === null ? {} : { until: time.format(change.until) }),
      })),
      afterMarkMinutes: context.parameter('afterMarkMs') / 60_000,
    },
  });
}

/** The setting has another value now: what was found of the one before is over. */
function release(state: ParameterState, name: string, input: SettingsInput, context: RuleContext): void {
  for (const deviation of state.open) {
    const change = deviation.changes.find((candidate) => candidate.name === name && candidate.until === null);
    if (change === undefined) continue;
    change.until = input.ts;
    const isOver = deviation.changes.every(({ until }) => until !== null);
    emitDeviation(deviation, input, context, isOver ? input.ts : null);
  }
  state.open = state.open.filter(({ changes }) => changes.some(({ until }) => until === null));
}

function addChange(
  state: ParameterState,
  change: SettingChange,
  signal: string | undefined,
  input: SettingsInput,
): Deviation {
  const group = signal ?? null;
  let deviation = state.open.find((open) => open.signal === group && open.start === input.ts);
  if (deviation === undefined) {
    deviation = { start: input.ts, detectedAt: input.endAt, signal: group, severity: 'medium', changes: [] };
    state.open.push(deviation);
  }
  deviation.changes.push(change);
  if (isScaling(change.name, signal) && input.isDeciding(signal)) deviation.severity = 'high';
  return deviation;
}

/** @returns the deviation that the setting now belongs to; undefined where nothing is unexplained */
function stepSetting(
  state: ParameterState,
  name: string,
  input: SettingsInput,
  context: RuleContext,
): Deviation | undefined {
  const value = input.settings[name] as Setting;
  const known = Object.hasOwn(state.known, name) ? state.known[name] : undefined;
  if (known === undefined) {
    if (Object.keys(state.known).length < MOST_SETTINGS)
      state.known[name] = { value, since: input.ts, explained: value };
    return undefined;
  }
  if (isSameSetting(known.value, value)) return undefined;
  release(state, name, input, context);
  const signal = input.signalOf(name);
  const isBack = isSameSetting(known.explained, value);
  const isExplained = isBack || input.isExplained(signal);
  state.known[name] = { value, since: input.ts, explained: isExplained ? value : known.explained };
  if (isExplained) return undefined;
  const change = { name, before: known.value, after: value, heldSince: known.since, until: null };
  return addChange(state, change, signal, input);
}

/** The settings of one report, in stream order. */
export function stepParameters(state: ParameterState, input: SettingsInput, context: RuleContext): void {
  const touched = new Set<Deviation>();
  for (const name of Object.keys(input.settings)) {
    // Not a setting that any instrument has, and no key of a plain record.
    if (name === '__proto__') continue;
    const deviation = stepSetting(state, name, input, context);
    if (deviation !== undefined) touched.add(deviation);
  }
  for (const deviation of touched) emitDeviation(deviation, input, context, null);
}
