/** A mark that a device declared in a report, as it is listed. */
import type { StoredMark } from '../../contracts/ports/detection-store.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import type { WireMark } from '../../contracts/order.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';

export function describeMark(report: CheckedReport, received: number, time: LocalTime): StoredMark {
  const declared = report.mark ?? { state: 'normal', until: undefined };
  const until = declared.until ?? (declared.state === 'normal' ? report.ts : report.ts + DAY_MS);
  const mark: WireMark = {
    site: report.site,
    device: report.device,
    state: declared.state,
    from: time.format(report.ts),
    to: time.format(until),
  };
  return {
    id: [report.site, '', '', report.device, declared.state, mark.from].join('|'),
    mark,
    declaredAt: received,
    accepted: received - report.ts <= HOUR_MS,
    by: report.device,
  };
}
