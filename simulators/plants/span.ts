/** Spans of time [fromAt, toAt) in epoch milliseconds; ±Infinity where they have no end. */

export interface Span {
  readonly fromAt: number;
  readonly toAt: number;
}

export function contains(span: Span, at: number): boolean {
  return at >= span.fromAt && at < span.toAt;
}

export function containsAny(spans: readonly Span[], at: number): boolean {
  return spans.some((span) => contains(span, at));
}

/** The part that two spans share; `undefined` where there is none. */
export function overlap(left: Span, right: Span): Span | undefined {
  const fromAt = Math.max(left.fromAt, right.fromAt);
  const toAt = Math.min(left.toAt, right.toAt);
  return fromAt < toAt ? { fromAt, toAt } : undefined;
}

/** What is left of the first list without the second; both ascending and without overlaps inside. */
export function subtract(spans: readonly Span[], without: readonly Span[]): readonly Span[] {
  let left = [...spans];
  for (const hole of without) {
    left = left.flatMap((span) => [
      { fromAt: span.fromAt, toAt: Math.min(span.toAt, hole.fromAt) },
      { fromAt: Math.max(span.fromAt, hole.toAt), toAt: span.toAt },
    ]);
    left = left.filter((span) => span.fromAt < span.toAt);
  }
  return left;
}
