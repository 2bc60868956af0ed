/**
 * What speaks of a line's production besides its meters (camera, stack, gate), brought together with the meters' word.
 */
import type { Line } from '../../contracts/registry/registry.ts';
import type { Running } from '../rules/line-span.ts';

export type SignKind = 'stack' | 'camera' | 'gate';

/**
 * A device's word over a span: `[start, end, says, value, usual, o2]`; `says` 1 = production, 0 = something valid that
 * is no production. `value` and `usual` are m³/h of a stack, trucks an hour of a gate, 0 of a camera; `o2` in %.
 * Part of snapshots.
 */
export type Word = [number, number, number, number, number, number];

/** A device that says production. */
export interface Sign {
  readonly device: string;
  readonly kind: SignKind;
  readonly value: number;
  readonly usual: number;
  readonly o2: number;
  /** Other lines that the device sees as well and whose meters are silent: they may be what it sees. */
  readonly silentOthers: readonly Line[];
}

/** A span in which neither the meters nor any of those devices changed what they say. */
export interface ToldSpan {
  readonly start: number;
  readonly end: number;
  readonly production: Running;
  /** Production meters that are silent, by name. */
  readonly silent: string;
  /** One of the devices said something valid. */
  readonly isTold: boolean;
  /** One of them said that there is no production. */
  readonly isDenied: boolean;
  readonly signs: readonly Sign[];
  /** Event time of the input that settled it. */
  readonly at: number;
}
