// refused by @typescript-eslint/no-unused-vars: 'dropped' is assigned a value but never used
export function take(): void {
  const dropped = 1;
}
