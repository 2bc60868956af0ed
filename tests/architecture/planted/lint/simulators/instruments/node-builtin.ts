// refused by no-restricted-imports: node built-in in a pure zone
import { readFileSync } from 'node:fs';

export const scenario = readFileSync('scenario.yaml', 'utf8');
