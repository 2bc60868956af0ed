/**
 * How far the memory of a system that runs for months may grow beyond what lives in it. V8 sets the size at which it
 * next looks for what is dead from how much is made just then: after the burst of a backlog the heap may become four
 * times what lives, and at the quiet pace of a city it stays so for many minutes. With a fixed share the city needs a
 * third less (measured: `npm run bench:city`), and a burst some per cent more CPU.
 */
import { setFlagsFromString } from 'node:v8';
import { isFlagChosen } from './node-flag.ts';

export const HEAP_GROWTH_FLAG = '--heap-growing-percent';
const GROWTH_PERCENT = 30;

/** For this thread and those that are started after it; what the caller of Node has chosen stays. */
export function boundHeapGrowth(): void {
  if (isFlagChosen(HEAP_GROWTH_FLAG)) return;
  setFlagsFromString(`${HEAP_GROWTH_FLAG}=${GROWTH_PERCENT}`);
}
