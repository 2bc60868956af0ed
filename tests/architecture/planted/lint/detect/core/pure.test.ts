// accepted: a test in a pure zone may wait and read files
import { readFile } from 'node:fs/promises';

await readFile('expected.json');
