// refused by @typescript-eslint/no-floating-promises: Promises must be awaited
declare function store(report: string): Promise<void>;

export function take(report: string): void {
  store(report);
}
