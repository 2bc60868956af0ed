// refused by TS7006: implicitly has an 'any' type
export const twice = (value) => value * 2;
