// refused by TS2322: Type 'undefined' is not assignable to type 'number'
export const first = (values: readonly number[]): number => values[0];
