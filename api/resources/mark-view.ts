/** A mark with its origin. */
import type { WireMark } from '../../contracts/order.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { PendingMark } from '../mark-shelf.ts';

export type MarkView = Omit<WireMark, 'by'> & {
  readonly declaredAt: string;
  readonly accepted: boolean;
  readonly by: string;
};

export function markView({ mark, declaredAt, accepted, by }: PendingMark, time: LocalTime): MarkView {
  return { ...mark, declaredAt: time.format(declaredAt), accepted, by };
}
