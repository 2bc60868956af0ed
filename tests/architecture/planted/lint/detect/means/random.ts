// refused by no-restricted-properties: randomness in a pure zone
export const noise = (): number => Math.random();
