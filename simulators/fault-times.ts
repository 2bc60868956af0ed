/** When a fault happens: once, or again and again. */
import type { FaultPlace } from './faults/fault-place.ts';
import type { FaultSettings, InjectionKind, Strength } from './faults/fault.ts';
import type { RandomStream } from './plants/random-stream.ts';
import { contains, overlap, type Span } from './plants/span.ts';

/** A fault or a look-alike as it is laid into one site. */
export interface LaidFault {
  readonly kind: InjectionKind;
  /** null: nothing is wrong with it. */
  readonly strength: Strength | null;
  readonly settings: FaultSettings;
  /** The first time. */
  readonly span: Span;
  /** From begin to begin; `undefined` = it happens once. */
  readonly everyMs: number | undefined;
  readonly place: FaultPlace;
  /** Its own luck. */
  readonly random: RandomStream;
}

function shifted(span: Span, byMs: number): Span {
  return { fromAt: span.fromAt + byMs, toAt: span.toAt + byMs };
}

/** The time of it that contains the instant. */
export function occurrenceAt(fault: LaidFault, at: number): Span | undefined {
  const { span, everyMs } = fault;
  const times = everyMs === undefined ? 0 : Math.max(0, Math.floor((at - span.fromAt) / everyMs));
  const occurrence = shifted(span, times * (everyMs ?? 0));
  return contains(occurrence, at) ? occurrence : undefined;
}

/** The times of it that touch a span of finite length, oldest first. */
export function occurrencesIn(fault: LaidFault, within: Span): readonly Span[] {
  const { span, everyMs } = fault;
  if (everyMs === undefined) return overlap(span, within) === undefined ? [] : [span];
  const occurrences: Span[] = [];
  const length = span.toAt - span.fromAt;
  const first = Math.max(0, Math.ceil((within.fromAt - span.fromAt - length + 1) / everyMs));
  for (let times = first; span.fromAt + times * everyMs < within.toAt; times += 1) {
    occurrences.push(shifted(span, times * everyMs));
  }
  return occurrences;
}
