/** What a table of a rule expects of a finding, as one line of text. */
import type { Finding } from '../../contracts/finding.ts';
import type { ReplayResult } from '../../detect/runner/replay.ts';
import { findingsOf } from './replay-reports.ts';

/** The day of most tests is left out, seconds where there are none. */
const short = (text: string): string => text.slice(5, 19).replace('T', ' ').replace('11-22 ', '').replace(/:00$/, '');

/** `line-1 m-bag [08:10, 08:20) seen 08:20 closed`; `…` where it goes on. */
function spanLine({ subject, start, end, detectedAt, state }: Finding): string {
  const { order, outlet, line, device, signal } = subject;
  const who = [order, outlet, line, device, signal].filter((part) => part !== undefined).join(' ');
  return `${who} [${short(start)}, ${end === null ? '…' : short(end)}) seen ${short(detectedAt)} ${state}`;
}

/** The standing findings of one rule, as sorted text. */
export function spansOf(result: ReplayResult, rule: string): readonly string[] {
  return findingsOf(result, rule).map(spanLine).sort();
}

/** What is wrong with the words of a finding: a number that is missing, or a key number that is not said. */
export function wordProblems(finding: Finding, said: readonly string[]): readonly string[] {
  const problems: string[] = [];
  for (const [language, text] of Object.entries(finding.explanation)) {
    for (const hole of ['?', 'undefined', 'NaN', 'null', 'Infinity']) {
      if (text.includes(hole)) problems.push(`${language}: "${hole}" in ${text}`);
    }
    for (const part of said) if (!text.includes(part)) problems.push(`${language}: "${part}" is not in ${text}`);
  }
  return problems;
}
