// refused by TS2532: Object is possibly 'undefined'
export const first = (names: readonly string[]): number => names[0].length;
