/** What is remembered of an outlet between reports. Plain data, part of snapshots. */
import { initialSpending, type ExcuseSpending } from './excuse.ts';
import type { LongCell } from './long-cell.ts';
import type { OwnDays } from './own-day.ts';
import type { MeterHour } from './meter-hour.ts';
import { initialOxygenHistory, type OxygenHistory } from './oxygen.ts';
import { createCell, type PeriodCell } from './period-cell.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';

export interface Channel {
  readonly hour: PeriodCell;
  /** Periods below an hour that limits are set on, by their ISO text. */
  readonly short: Record<string, PeriodCell>;
}

export interface OutletState {
  /** By device, then signal. */
  channels: Record<string, Record<string, Channel>>;
  /** By average and signal. */
  longs: Record<string, LongCell>;
  ownDays: OwnDays;
  /** Where the running period of each average below an hour began. */
  shortFrom: Record<string, number>;
  spending: ExcuseSpending;
  oxygen: OxygenHistory;
  /** Production meters by device. */
  meters: Record<string, MeterHour>;
  /** Hour of the first report of its devices: before it nothing is missing. */
  since: number | null;
}

export function initialOutletState(): OutletState {
  return {
    channels: {},
    longs: {},
    ownDays: {},
    shortFrom: {},
    spending: initialSpending(),
    oxygen: initialOxygenHistory(),
    meters: {},
    since: null,
  };
}

export function createChannel(): Channel {
  return { hour: createCell(HOUR_MS), short: {} };
}
