// accepted: nothing is wrong
export const twice = (value: number): number => value * 2;
