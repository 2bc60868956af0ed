// refused by TS2322: Type 'string' is not assignable to type 'number'
export const limit: number = 'one hundred';
