import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describePlanted, PROJECT, type Complaint } from './planted-tree.ts';

/** `contracts/report.ts(3,14): error TS2322: Type …`, its details indented below. */
const ERROR = /^(\S+)\(\d+,\d+\): error (TS\d+): ((?:.*)(?:\n .*)*)/gm;

function compile(root: string): readonly Complaint[] {
  const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(ERROR)].map(([, path = '', rule = '', message = '']) => ({ path, rule, message }));
}

describePlanted('types', ['tsconfig.json', 'package.json'], compile);
