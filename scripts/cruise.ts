/** The import rules of `.dependency-cruiser.mjs`, run over a tree, with proof that every file was looked at. */
import { join } from 'node:path';
import { cruise, format, type ICruiseResult, type IViolation } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { listFiles } from './tree.ts';

export interface Cruise {
  readonly cruised: number;
  readonly violations: readonly IViolation[];
  /** Source files that the tool did not look at: its silence about them means nothing. */
  readonly missed: readonly string[];
  readonly report: string;
}

const isSource = (path: string): boolean =>
  path.endsWith('.ts') && path.includes('/') && !path.startsWith('tests/architecture/planted/');

export async function cruiseTree(root: string): Promise<Cruise> {
  const sources = listFiles(root, isSource);
  const folders = [...new Set(sources.map((path) => path.slice(0, path.indexOf('/'))))];
  const options = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  const tsConfig = extractTsConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(folders, { ...options, baseDir: root }, {}, { tsConfig });
  const result = output as ICruiseResult;
  const seen = new Set(result.modules.map(({ source }) => source));
  const { output: report } = await format(result, { outputType: 'err' });
  return {
    cruised: sources.filter((path) => seen.has(path)).length,
    violations: result.summary.violations,
    missed: sources.filter((path) => !seen.has(path)),
    report: report as string,
  };
}
