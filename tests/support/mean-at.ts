/** Picks one mean out of what a replay gave. */
import type { Mean } from '../../contracts/mean.ts';
import type { ReplayResult } from '../../detect/runner/replay.ts';
import { deviceReports, type TestReport } from './device-reports.ts';
import { rfc3339 } from './local-moment.ts';

/** @throws RangeError where the replay gave no such mean */
export function meanAt(result: ReplayResult, signal: string, start: string, average = 'PT1H'): Mean {
  const from = rfc3339(start);
  const found = result.means.find((mean) => mean.signal === signal && mean.average === average && mean.start === from);
  if (found === undefined) throw new RangeError(`no ${average} mean of ${signal} from ${from}`);
  return found;
}

/** A report at `at` that is of no interest itself: it lets time pass, so that periods which end there are closed. */
export function timePasses(at: string, device = 'cems-1'): readonly TestReport[] {
  return deviceReports({ device, from: at }, { temp: '90' });
}
