// refused by no-console: Unexpected console statement
export function take(report: string): void {
  console.log(report);
}
