/** A value, or the reason why there is none: expected bad input is a value, a thrown error is news. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function rejected<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
