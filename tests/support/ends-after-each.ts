/** What a test has opened is ended behind it, whatever becomes of the test. */
import { afterEach } from 'vitest';

/** How something that was opened is ended. */
export type Ends = (() => Promise<unknown>)[];

/** A list for a whole test file: what is pushed to it is called behind each test, last first. */
export function endsAfterEach(): Ends {
  const ends: Ends = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return ends;
}
