/**
 * The sample is not kept warm, or not cooled, as it has to be on its way to the analyser.
 *
 * Innocent look-alikes: warming up after a power cut, a maintenance or a stop of the plant; a calibration; the plant
 * stands still; a broken sensor that shows nonsense. So: only while operating, unflagged and unmarked values that a
 * sample line can have, and after an interruption only once it has had time to come back.
 */
import type { Severity } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatMinutes, formatNumber, formatWhen, signalZh, text } from '../findings/words.ts';
import type { ChannelSpan, ChannelWatch } from '../core/channel-span.ts';
import type { Evidence, Parameter, RuleContext, RuleFacts } from './rule.ts';

const HEATED_SOURCE =
  'HJ 76-2017 asks for heating above 120 °C and above the dew point (as commonly quoted; not checked against its text)';
const OVERHEATED_SOURCE = 'engineering judgement: PTFE tubes and seals soften from about 230 to 260 °C on';

function celsius(name: string, value: number, help: string, source: string): Parameter {
  return { name, unit: '°C', default: value, minimum: -40, maximum: 400, help, source };
}

function duration(name: string, value: number, help: string, source: string): Parameter {
  return { name, unit: 'ms', default: value, minimum: MINUTE_MS, maximum: 30 * DAY_MS, help, source };
}

/** What goes wrong with the gas, by signal and side. */
const EFFECTS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'heated low': {
    zh: '温度不足时水汽在取样途中凝结，二氧化硫、氯化氢、氨等溶于冷凝水，测量值偏低。',
    en: 'Below it water condenses on the way and takes SO₂, HCl and NH₃ with it: the values read too low.',
  },
  'heated high': {
    zh: '温度过高会损坏管线和密封件，漏入空气后测量值偏低。',
    en: 'Above it tube and seals suffer, and air that leaks in makes the values read too low.',
  },
  'cooled low': {
    zh: '温度过低会结冰堵塞气路，样气流量减小甚至中断。',
    en: 'Below it ice blocks the way of the gas: the sample flow drops or stops.',
  },
  'cooled high': {
    zh: '除湿不足，水汽进入分析仪：二氧化硫溶解损失，并干扰红外测量，干基换算失真。',
    en: 'Above it the gas is not dried: water reaches the analyser, takes SO₂ with it and disturbs the dry reading.',
  },
};

function effectOf(evidence: Evidence): { readonly zh: string; readonly en: string } {
  const part = evidence['signal'] === 'cooler-temp' ? 'cooled' : 'heated';
  return EFFECTS[`${part} ${text(evidence['side'])}`] ?? { zh: '', en: '' };
}

export const sampling: RuleFacts = {
  id: 'quality.sampling',
  version: 1,
  category: 'quality',
  title: { zh: '采样系统温度异常', en: 'Sampling temperature out of its band' },
  summary: {
    zh: '采样探头、伴热管或冷凝器温度长时间超出应有范围，气态污染物测量值失真。',
    en: 'Probe, sample line or cooler has been outside its temperature band for long, so the gas values are wrong.',
  },
  severities: ['low', 'medium'],
  basis: [
    {
      document: 'HJ 76-2017',
      clause: 'heated sampling above 120 °C and above the dew point; sample cooler at about 4 °C; both to be shown',
    },
  ],
  parameters: [
    duration(
      'durationMs',
      30 * MINUTE_MS,
      'shortest time outside the band',
      'engineering judgement: control swings settle sooner',
    ),
    celsius('probeLowC', 120, 'lowest temperature of the probe', HEATED_SOURCE),
    celsius(
      'probeHighC',
      300,
      'highest temperature of the probe',
      'engineering judgement: heated ceramic filters end there',
    ),
    celsius('lineLowC', 120, 'lowest temperature of the sample line', HEATED_SOURCE),
    celsius('lineHighC', 230, 'highest temperature of the sample line', OVERHEATED_SOURCE),
    celsius('coolerLowC', 1, 'lowest temperature of the cooler', 'engineering judgement: water freezes at 0 °C'),
    celsius('coolerHighC', 6, 'highest temperature of the cooler', 'HJ 76-2017 has 4 ± 2 °C (as commonly quoted)'),
    duration(
      'interruptionMs',
      30 * MINUTE_MS,
      'unknown or stopped time after which it may have gone cold',
      'engineering judgement: what cooled down in less is warm again within durationMs',
    ),
    duration(
      'settleMs',
      HOUR_MS,
      'time it has to come back to its band after an interruption',
      'engineering judgement: analysers and heated lines are ready within the hour',
    ),
    duration(
      'mediumMs',
      4 * HOUR_MS,
      'from here on it is medium',
      'engineering judgement: as many hours as make a day notable',
    ),
    celsius(
      'farHeatedC',
      20,
      'so far outside the band probe and line are medium at once',
      'engineering judgement: 100 °C is where water condenses',
    ),
    celsius(
      'farCooledC',
      4,
      'so far outside the band the cooler is medium at once',
      'engineering judgement: the gas holds a third more water',
    ),
  ],
  limits: [
    {
      zh: '热湿法（不除湿）或另有设定温度的仪器，应在企业登记中改写范围。',
      en: 'Instruments with other set points, as hot and wet ones, need their band in the registry.',
    },
    {
      zh: '传感器显示不可能的温度（断线、开路）时视为未知，不作判断。',
      en: 'A temperature that cannot be, as of a broken sensor, is unknown and not judged.',
    },
    {
      zh: '一台仪器服务多个排口时，以第一个排口的生产状态为准。',
      en: 'Of an instrument that serves several outlets the first one says whether the plant operates.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    const mean = formatNumber(evidence['meanC']);
    const [low, high] = [formatNumber(evidence['lowC']), formatNumber(evidence['highC'])];
    const effect = effectOf(evidence);
    return {
      zh: `${signalZh(evidence['signal'])}自 ${formatWhen(evidence['since'])} 起平均 ${mean} °C，超出 ${low}–${high} °C 的范围，已持续 ${span.zh}，其间生产在运行。${effect.zh}`,
      en: `${text(evidence['signal'])} has averaged ${mean} °C since ${formatWhen(evidence['since'])}, outside its band of ${low} to ${high} °C, for ${span.en} while production was running. ${effect.en}`,
    };
  },
};

/** Part of snapshots. `coveredMs` counts operating, unflagged, unmarked time only. */
export interface SamplingState {
  side: 'low' | 'high' | null;
  since: number;
  lastEnd: number;
  coveredMs: number;
  /** °C × ms, for the mean. */
  sum: number;
  /** Farthest outside, °C. */
  extreme: number;
  /** End of the last usable span while operating; null: none yet. */
  heardTo: number | null;
  /** Time that it still has to come back to its band. */
  settleMs: number;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

export function initialSamplingState(): SamplingState {
  return { side: null, since: 0, lastEnd: 0, coveredMs: 0, sum: 0, extreme: 0, heardTo: null, settleMs: 0, open: null };
}

interface Band {
  readonly low: string;
  readonly high: string;
  readonly far: string;
  /** Beyond these the sensor is broken, °C. */
  readonly coldest: number;
  readonly hottest: number;
}

const HEATED = { far: 'farHeatedC', coldest: -40, hottest: 450 };

const BANDS: Readonly<Record<string, Band>> = {
  'probe-temp': { low: 'probeLowC', high: 'probeHighC', ...HEATED },
  'line-temp': { low: 'lineLowC', high: 'lineHighC', ...HEATED },
  'cooler-temp': { low: 'coolerLowC', high: 'coolerHighC', far: 'farCooledC', coldest: -40, hottest: 100 },
};

export function isSamplingSignal(signal: string): boolean {
  return BANDS[signal] !== undefined;
}

function severityOf(state: SamplingState, band: Band, context: RuleContext): Severity {
  const edge = context.parameter(state.side === 'low' ? band.low : band.high);
  const isFar = Math.abs(state.extreme - edge) > context.parameter(band.far);
  return isFar || state.coveredMs >= context.parameter('mediumMs') ? 'medium' : 'low';
}

function emitSampling(
  state: SamplingState,
  band: Band,
  { channel, context }: ChannelWatch,
  as: 'open' | 'closed',
): void {
  const { open, side } = state;
  const { device, signal } = channel.subject;
  if (open === null || side === null || device === undefined || signal === undefined) return;
  context.emit({
    rule: sampling,
    subject: { device, signal },
    startAt: state.since,
    endAt: as === 'closed' ? state.lastEnd : null,
    state: as,
    detectedAt: open.detectedAt,
    severity: severityOf(state, band, context),
    confidence: 0.9,
    discriminator: side,
    evidence: {
      signal,
      side,
      since: context.time.format(state.since),
      minutes: state.coveredMs / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
      meanC: state.sum / state.coveredMs,
      extremeC: state.extreme,
      lowC: context.parameter(band.low),
      highC: context.parameter(band.high),
      outlet: channel.subject.outlet,
      operating: true,
    },
  });
}

function endRun(state: SamplingState, band: Band, watch: ChannelWatch): void {
  if (state.open !== null) emitSampling(state, band, watch, 'closed');
  state.open = null;
  state.side = null;
  state.coveredMs = 0;
  state.sum = 0;
}

function sideOf(value: number, band: Band, context: RuleContext): SamplingState['side'] {
  if (value < context.parameter(band.low)) return 'low';
  return value > context.parameter(band.high) ? 'high' : null;
}

/** Whether it may still be on its way back to its band after an interruption. */
function isSettling(state: SamplingState, span: ChannelSpan, isInBand: boolean, context: RuleContext): boolean {
  const { heardTo } = state;
  state.heardTo = span.end;
  if (heardTo !== null && span.start - heardTo >= context.parameter('interruptionMs'))
    state.settleMs = context.parameter('settleMs');
  if (isInBand) state.settleMs = 0;
  if (state.settleMs === 0) return false;
  state.settleMs = Math.max(0, state.settleMs - (span.end - span.start));
  return true;
}

function extend(state: SamplingState, span: ChannelSpan, value: number): void {
  const ms = span.end - span.start;
  const isFarther = state.side === 'low' ? value < state.extreme : value > state.extreme;
  if (state.coveredMs === 0 || isFarther) state.extreme = value;
  if (state.coveredMs === 0) state.since = span.start;
  state.coveredMs += ms;
  state.sum += value * ms;
  state.lastEnd = span.end;
}

/**
 * Spans come in order, each once; one that is not given is unknown and neither extends nor ends a run.
 * @param value °C; undefined: flagged, marked or not reported
 */
export function stepSampling(
  state: SamplingState,
  span: ChannelSpan,
  value: number | undefined,
  watch: ChannelWatch,
): void {
  const { context } = watch;
  const band = BANDS[watch.channel.signal];
  if (band === undefined) return;
  if (!span.operating) {
    if (state.side !== null) endRun(state, band, watch);
    return;
  }
  if (value === undefined || value < band.coldest || value > band.hottest) return;
  const side = sideOf(value, band, context);
  if (isSettling(state, span, side === null, context)) return;
  if (side !== state.side && state.side !== null) endRun(state, band, watch);
  if (side === null) return;
  state.side = side;
  extend(state, span, value);
  judgeRun(state, span, band, watch);
}

function judgeRun(state: SamplingState, span: ChannelSpan, band: Band, watch: ChannelWatch): void {
  const { context } = watch;
  if (state.coveredMs < context.parameter('durationMs')) return;
  const severity = severityOf(state, band, context);
  if (state.open === null) {
    state.open = { detectedAt: span.at, told: { ms: state.coveredMs, severity } };
  } else if (!isWorthTelling(state.open.told, state.coveredMs, severity)) return;
  emitSampling(state, band, watch, 'open');
}
