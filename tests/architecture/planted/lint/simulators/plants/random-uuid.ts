// refused by no-restricted-globals: randomness in a pure zone
export const id = (): string => crypto.randomUUID();
