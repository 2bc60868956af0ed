// refused by @typescript-eslint/no-explicit-any @typescript-eslint/explicit-module-boundary-types: Unexpected any
export function take(report: any): string {
  return typeof report;
}
