// refused by @typescript-eslint/no-misused-promises: Promise returned in function argument
import type { EventEmitter } from 'node:events';

declare function store(report: string): Promise<void>;

export function listen(source: EventEmitter): void {
  source.on('report', async (report: string) => {
    await store(report);
  });
}
