/** The tables of faults and look-alikes in `docs/reference/scenarios.md`; the rest of that page is by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRENGTHS, type FaultKind, type FaultSettings, type LookAlikeKind } from '../../simulators/faults/fault.ts';
import { FAULT_KINDS } from '../../simulators/faults/index.ts';
import { LOOK_ALIKE_KINDS } from '../../simulators/look-alikes/index.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { cell } from './generated-note.ts';

const PAGE = 'docs/reference/scenarios.md';
const ROOT = join(import.meta.dirname, '../..');
const DAY_MINUTES = 1_440;

/** `90 min`, `4 h`, `30 d`: as people say it. */
export function formatLength(minutes: number): string {
  if (minutes >= 2 * DAY_MINUTES && minutes % DAY_MINUTES === 0) return `${String(minutes / DAY_MINUTES)} d`;
  return minutes >= 120 && minutes % 60 === 0 ? `${String(minutes / 60)} h` : `${String(minutes)} min`;
}

function formatSettings({ minutes, ...settings }: Partial<FaultSettings>): string {
  const named = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  return [...named, ...(minutes === undefined ? [] : [formatLength(minutes)])].join(', ');
}

const names = (settings: readonly string[]): string => settings.map((name) => `\`${name}\``).join(' ');

function faultRow({ id, rule, does, needs, may = [], strengths }: FaultKind): string {
  const optional = may.length === 0 ? '' : ` (${names(may)})`;
  const levels = STRENGTHS.map((strength) => formatSettings(strengths[strength]));
  return `| ${[`\`${id}\``, rule, names(needs) + optional, cell(does), ...levels].join(' | ')} |`;
}

function lookAlikeRow({ id, resembles, does, needs, defaults, trap }: LookAlikeKind): string {
  return `| ${[`\`${id}\``, resembles, trap, names(needs), cell(does), formatSettings(defaults)].join(' | ')} |`;
}

const FAULTS = [
  '| fault | rule | needs (may have) | what happens | weak | middle | strong |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...FAULT_KINDS.map(faultRow),
].join('\n');

const LOOK_ALIKES = [
  '| look-alike | rule that it resembles | trap | needs | what happens | |',
  '| --- | --- | --- | --- | --- | --- |',
  ...LOOK_ALIKE_KINDS.map(lookAlikeRow),
].join('\n');

/** The page with what stands between two comments of a name replaced. */
export function withTable(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}

export const faultTables: DocsGenerator = {
  name: 'tables of faults',
  generate: () => {
    const page = readFileSync(join(ROOT, PAGE), 'utf8');
    return new Map([[PAGE, withTable(withTable(page, 'faults', FAULTS), 'look-alikes', LOOK_ALIKES)]]);
  },
};
