/**
 * `npm run bench:detection`: what the rules find and what they take for it. Prints a table; with `--write` it becomes
 * docs/detection.md. `--rule ID` scores the faults of one rule, `--seeds N` plays N seeds, `--keep FOLDER` writes the scenario of
 * every miss and every false alarm.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RULES } from '../../detect/rules/index.ts';
import { faultCases, honestCases, lookAlikeCases } from '../support/detection-cases.ts';
import {
  median,
  playCase,
  scoreCases,
  type DetectionCase,
  type DetectionScore,
  type PlayedCase,
  type RuleScore,
} from '../support/detection-score.ts';

const { values } = parseArgs({
  options: {
    rule: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    match: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});

const known = RULES.map(({ id }) => id);
const rules = values.rule ?? known;
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
const choice = { seeds, rules, isShort: values.short };
const groups: Readonly<Record<string, () => readonly DetectionCase[]>> = {
  faults: () => faultCases(choice),
  'look-alikes': () => lookAlikeCases(choice),
  honest: () => honestCases(choice),
};
const wanted = values.only ?? Object.keys(groups);
const cases = wanted
  .flatMap((group) => groups[group]?.() ?? [])
  .filter(({ name }) => values.match === undefined || new RegExp(values.match).test(name));

function play(): readonly PlayedCase[] {
  return cases.map((one, index) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${String(index + 1)} of ${String(cases.length)} ${one.name}   `);
    return playCase(one);
  });
}

const share = (found: number, events: number): string => (events === 0 ? '–' : `${String(found)}/${String(events)}`);

function row(score: RuleScore, siteDays: number): string {
  const { weak, middle, strong } = score.strengths;
  const precision =
    score.hits + score.falseAlarms === 0 ? '–' : (score.hits / (score.hits + score.falseAlarms)).toFixed(2);
  const delay = median(score.delaysMinutes);
  return `| ${[
    score.rule,
    share(weak.found, weak.events),
    share(middle.found, middle.events),
    share(strong.found, strong.events),
    precision,
    delay === undefined ? '–' : `${String(Math.round(delay))} min`,
    String(score.falseAlarms),
    (score.falseAlarms / siteDays).toFixed(4),
    share(score.fooled, score.lookAlikes),
  ].join(' | ')} |`;
}

function table({ rules: scores, siteDays, falseAlarms }: DetectionScore): string {
  return [
    '| rule | weak | middle | strong | precision | time to detect | false alarms | a site-day | fooled by look-alikes |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...scores.map((score) => row(score, siteDays)),
    `| **all** | | | | | | ${String(falseAlarms.length)} | ${(falseAlarms.length / siteDays).toFixed(4)} | |`,
  ].join('\n');
}

const slug = (text: string): string => text.replaceAll(/[^a-z0-9]+/g, '-');

function keep(folder: string, { falseAlarms, misses }: DetectionScore): void {
  mkdirSync(folder, { recursive: true });
  const textOf = (name: string, seed: number): string =>
    (cases.find((one) => one.name === name && one.seed === seed)?.text ?? '').replace(
      'seed: 1',
      `seed: ${String(seed)}`,
    );
  const lines: string[] = [];
  for (const { played, line } of misses) {
    const file = join(folder, `${slug(played.name)}-${String(played.seed)}.yaml`);
    writeFileSync(file, textOf(played.name, played.seed));
    lines.push(
      `miss ${line.rule} ${line.strength ?? ''} ${file} ${line.start} ${String(line.end)} ${JSON.stringify(line.subject)}`,
    );
  }
  const told = new Set<string>();
  for (const { played, finding } of falseAlarms) {
    const key = `${played.name} ${String(played.seed)} ${finding.rule}`;
    if (told.has(key)) continue;
    told.add(key);
    const file = join(folder, `${slug(played.name)}-${String(played.seed)}.yaml`);
    writeFileSync(file, textOf(played.name, played.seed));
    const { rule, severity, start, end, subject, explanation } = finding;
    lines.push(
      `false ${rule} ${severity} ${file} ${start} ${String(end)} ${JSON.stringify(subject)} ${explanation.en}`,
    );
  }
  writeFileSync(join(folder, 'list.txt'), `${lines.join('\n')}\n`);
}

function page(score: DetectionScore): string {
  const [cpu] = cpus();
  const machine = `${String(cpus().length)} cores (${cpu?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
  return `# How well the rules find

Measured with \`npm run bench:detection -- --write\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. The result does
not depend on the machine: same seeds, same bytes.

${String(cases.length)} scenarios of one site each, ${Math.round(score.siteDays).toLocaleString('en')} site-days: every
[fault](reference/scenarios.md#faults) at three strengths, every look-alike, and honest plants of every type, some of them under
orders that they obey; seeds ${seeds.join(', ')}. Rules that do not exist yet are left out.

A fault is *found* when a finding of its rule names its site and subject and touches its time. *Precision* is the share of a
rule's findings that hit a fault, among those that hit one or that nothing explains; a finding of another rule that a fault
honestly brings with it counts for neither. *Time to detect* is the median from the begin of the behaviour to \`detectedAt\`.
A *false alarm* is a finding above severity info that nothing in the truth explains. A look-alike *fools* the rule that it resembles.

${table(score)}
`;
}

const score = scoreCases(play(), rules);
if (process.stderr.isTTY) process.stderr.write('\n');
process.stdout.write(`${table(score)}\n${String(cases.length)} cases, ${score.siteDays.toFixed(0)} site-days\n`);
if (values.keep !== undefined) keep(values.keep, score);
if (values.write) writeFileSync('docs/detection.md', page(score));
