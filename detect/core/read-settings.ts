/** Settings that a report tells of its device go to `falsification.parameter`, the transformer ratio to `falsification.meter`. */
import { meter as meterRule } from '../rules/falsification.meter.ts';
import {
  initialParameterState,
  parameterChanged,
  stepParameters,
  type Setting,
} from '../rules/falsification.parameter.ts';
import { initialRatioState, stepRatio } from '../rules/meter-ratio.ts';
import type { BoundDevice } from './bound-parts.ts';
import { deviceSubject } from './device-subject.ts';
import { isServiced } from './service-marks.ts';
import { isPollutant, type DevicePlan } from './site-plan.ts';
import type { StreamReport } from './stream-report.ts';
import type { SiteStream } from './site-stream.ts';

const RATIO = 'ct-ratio';

/** `so2` of `so2.slope`, where that is a signal. */
function signalOf(stream: SiteStream, name: string): string | undefined {
  const point = name.indexOf('.');
  const signal = point < 0 ? undefined : name.slice(0, point);
  return signal !== undefined && stream.plan.signals.has(signal) ? signal : undefined;
}

/** The signal was flagged as worked on (M, C), in this report or the one before it; undefined = any signal was. */
function isFlagged(device: BoundDevice, report: StreamReport, signal: string | undefined): boolean {
  const { lastTs, lastReadings } = device.track;
  const isRecent = lastTs !== null && report.ts - lastTs <= 1.5 * device.everyMs;
  const readings = isRecent ? [...report.readings, ...lastReadings] : report.readings;
  return readings.some(
    (reading) => (signal === undefined || reading.signal === signal) && (reading.flag === 'M' || reading.flag === 'C'),
  );
}

/** A limit or cap hangs on it: by itself, by the oxygen it is converted with, or by the flow it is multiplied with. */
function isDeciding(plan: DevicePlan, signal: string | undefined): boolean {
  return plan.outlets.some(({ limitedSignals, cappedSignals, outlet }) => {
    const gases = limitedSignals.some(isPollutant) || cappedSignals.length > 0;
    if (signal === undefined) return gases;
    if (limitedSignals.includes(signal) || cappedSignals.includes(signal)) return true;
    if (signal === 'o2') return gases && outlet.o2Reference !== undefined;
    if (signal === 'humidity') return gases && outlet.basis === 'wet';
    return (signal === 'flow' || signal === 'velocity') && cappedSignals.length > 0;
  });
}

function stepTransformer(stream: SiteStream, device: BoundDevice, report: StreamReport, told: Setting): void {
  const { meter, plan } = device;
  if (meter === undefined) return;
  const context = stream.scribe.context(meterRule);
  const { ts, endAt } = report;
  const isExplained = (): boolean =>
    isServiced(stream.state, plan, { from: ts, to: endAt }, context.parameter('afterMarkMs')) ||
    isFlagged(device, report, undefined);
  const input = { told, ts, endAt, registered: plan.device.ctRatio, isExplained };
  stepRatio((meter.rules.ratio ??= initialRatioState()), input, meter.phases.power, context);
}

/** @param report with `parameters`; called in stream order, before its values are looked at */
export function readSettings(stream: SiteStream, device: BoundDevice, report: StreamReport): void {
  const { parameters, ts, endAt } = report;
  if (parameters === undefined) return;
  const { [RATIO]: ratio, ...settings } = parameters;
  if (ratio !== undefined) stepTransformer(stream, device, report, ratio);
  const { plan } = device;
  const context = stream.scribe.context(parameterChanged);
  const state = (device.rules.settings ??= initialParameterState());
  stepParameters(
    state,
    {
      settings,
      ts,
      endAt,
      device: plan.device.id,
      signalOf: (name) => signalOf(stream, name),
      isExplained: (signal) =>
        isServiced(stream.state, plan, { from: ts, to: endAt }, context.parameter('afterMarkMs')) ||
        isFlagged(device, report, signal),
      isDeciding: (signal) => isDeciding(plan, signal),
      subjectOf: (signal) => deviceSubject(plan, signal),
    },
    context,
  );
}
