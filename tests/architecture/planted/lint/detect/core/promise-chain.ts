// refused by no-restricted-globals: the world outside in a pure zone
export const settled: unknown = Promise.resolve(1).then((value) => value + 1);
