// refused by @typescript-eslint/explicit-module-boundary-types: Missing return type on function
export function double(value: number) {
  return value * 2;
}
