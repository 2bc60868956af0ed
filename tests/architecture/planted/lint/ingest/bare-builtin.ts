// refused by no-restricted-imports: write node:fs
import { existsSync } from 'fs';

export const there = existsSync('report.json');
