/**
 * Ids of events. Changes are numbered by whoever keeps them: where several processes keep a copy each, the same number
 * means another change in each of them, so the id also says whose it is.
 */

export interface EventId {
  /** Of the copy that counts; absent where there is only one. */
  readonly set: string | undefined;
  readonly seq: number;
}

const FORM = /^(?:([a-z0-9]{1,16})-)?(\d{1,15})$/;

export function formatEventId({ set, seq }: EventId): string {
  return set === undefined ? String(seq) : `${set}-${String(seq)}`;
}

/** Undefined for what was never an id. */
export function parseEventId(text: string): EventId | undefined {
  const [, set, seq] = FORM.exec(text) ?? [];
  return seq === undefined ? undefined : { set, seq: Number(seq) };
}
