/** A report of a stack monitor: into the means of its outlets, and what has to look at it before and after. */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { feedOutlet } from '../means/feed-outlet.ts';
import type { BoundDevice } from './bound-parts.ts';
import { passSlots } from './close-slot.ts';
import { watchOwnMeans } from './compare-own-means.ts';
import { forecastHour, type RunningStream } from './forecast-hour.ts';
import type { StreamReport } from './stream-report.ts';

/** @param isUsable false while a calibration or maintenance mark makes its minutes invalid */
export function readStack(stream: RunningStream, device: BoundDevice, report: StreamReport, isUsable: boolean): void {
  const hourStart = stream.plan.time.hourStart(report.ts);
  const at = { hourStart, everyMs: device.everyMs, isUsable };
  const isFiner = report.periodMs < HOUR_MS;
  for (const instrument of device.instruments) {
    const { plan, stream: outlet } = instrument.outlet;
    if (isFiner) passSlots(stream, instrument.outlet, { ts: report.ts, hourStart });
    if (isUsable) watchOwnMeans(stream, instrument, report, at);
    feedOutlet(plan, outlet.means, report, at);
    if (isUsable && isFiner) forecastHour(stream, instrument.outlet, report, hourStart);
  }
}
