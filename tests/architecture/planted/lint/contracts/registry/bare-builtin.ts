// refused by no-restricted-imports: write node:path
import { join } from 'path';

export const file = join('a', 'b');
