/** When values came: it stands once for each report, beside the first of its signals by name. */
import type { Row } from './flux-rows.ts';
import { RECEIVED, WITH } from './measurements.ts';

interface Receipt {
  received: number;
  signals: string;
}

/** What the points of one place said. */
export class Receipts {
  readonly #byPlace = new Map<string, Map<string, Receipt>>();

  /** @returns whether the row was one of these */
  take(place: string, row: Row): boolean {
    const field = String(row['_field']);
    const isTime = field.endsWith(RECEIVED);
    if (!isTime && !field.endsWith(WITH)) return false;
    const carrier = field.slice(0, field.lastIndexOf('__'));
    const here = this.#byPlace.get(place) ?? new Map<string, Receipt>();
    this.#byPlace.set(place, here);
    const receipt = here.get(carrier) ?? { received: 0, signals: '' };
    here.set(carrier, receipt);
    if (isTime) receipt.received = Number(row['_value']);
    else receipt.signals = String(row['_value']);
    return true;
  }

  /** Of the report that had this signal; undefined where none of them had it. */
  of(place: string, signal: string): number | undefined {
    for (const { received, signals } of this.#byPlace.get(place)?.values() ?? [])
      if (signals.split(',').includes(signal)) return received;
    return undefined;
  }
}
