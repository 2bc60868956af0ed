/**
 * A spot in a registry file. Linked upwards, so that walking 10,000 sites makes no path texts that nobody reads.
 */
export interface Place {
  /** Absent at the top of a file. */
  readonly parent: Place | undefined;
  /** Key of a mapping, or index of a list. At the top: the index of the file. */
  readonly key: string | number;
}

export function topOf(file: number): Place {
  return { parent: undefined, key: file };
}

/** The spot reached from another one by these keys. */
export function at(place: Place, ...keys: readonly (string | number)[]): Place {
  let spot = place;
  for (const key of keys) spot = { parent: spot, key };
  return spot;
}

/** Index of the file, and the keys from its top. */
export function spell(place: Place): { readonly file: number; readonly keys: readonly (string | number)[] } {
  const keys: (string | number)[] = [];
  let spot = place;
  while (spot.parent !== undefined) {
    keys.push(spot.key);
    spot = spot.parent;
  }
  return { file: Number(spot.key), keys: keys.reverse() };
}

/** Entries of a list with their places; those that did not fit the schema are left out, the others keep their index. */
export function entriesOf<T>(list: readonly (T | undefined)[] | null | undefined, place: Place): [T, Place][] {
  const entries: [T, Place][] = [];
  for (const [index, entry] of (list ?? []).entries()) {
    if (entry !== undefined) entries.push([entry, { parent: place, key: index }]);
  }
  return entries;
}
