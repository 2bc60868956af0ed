// refused by @typescript-eslint/no-floating-promises: Promises must be awaited
import { writeFile } from 'node:fs/promises';

export function take(report: string): void {
  writeFile('report.json', report);
}
