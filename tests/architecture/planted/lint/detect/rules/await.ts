// refused by no-restricted-syntax: await in a pure zone
interface Later {
  readonly then: (resolve: (value: number) => void) => void;
}

export async function mean(values: readonly Later[]): Promise<number> {
  const [first] = values;
  return first === undefined ? 0 : await first;
}
