// refused by no-restricted-properties: randomness in a pure zone
export const startOfDay = (at: number): Date => new Date(at + Math.random());
