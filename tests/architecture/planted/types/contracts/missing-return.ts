// refused by TS7030: Not all code paths return a value
export function sign(value: number) {
  if (value > 0) return 1;
}
