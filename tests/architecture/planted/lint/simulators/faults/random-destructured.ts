// refused by no-restricted-properties: randomness in a pure zone
const { random } = Math;
export const noise = (): number => random();
