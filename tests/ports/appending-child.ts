/** Appends without end through the store thread, and prints `offset body` of every entry that was acknowledged. */
import { StoreThread } from '../../backends/sqlite/store-thread.ts';
import { reportEntry } from './builders.ts';

const IN_FLIGHT = 40;
const [, , folder = '', run = ''] = process.argv;
const module = new URL('./counting-detector.ts', import.meta.url).href;
const store = await StoreThread.start({ folder, detector: { module, init: {} } });

let sent = 0;
async function appendOnAndOn(): Promise<never> {
  for (;;) {
    sent += 1;
    const body = `${run}:${sent}:${'x'.repeat((sent * 7_919) % 3_000)}`;
    const offset = await store.append([reportEntry({ site: `s-${sent % 5}`, body, received: Date.now() })]);
    process.stdout.write(`${offset} ${body}\n`);
  }
}
await Promise.race(Array.from({ length: IN_FLIGHT }, appendOnAndOn));
