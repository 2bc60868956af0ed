/**
 * How well the rules find what was laid into a scenario: each finding is compared with the truth by rule, site, subject
 * and time. What no fault explains is a false alarm, unless it only informs.
 */
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { scenarioRegistry } from '../../simulators/registry-text.ts';
import { reportsBetween } from '../../simulators/report-stream.ts';
import { parseScenario, scenarioSpan } from '../../simulators/scenario.ts';
import { scenarioTruth, type TruthLine } from '../../simulators/truth.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** What a fault brings with it may come a little after its end: an hour that it began, a gap that is told late. */
const AFTERMATH_MS = 3 * 60 * MINUTE_MS;
/** Rules that speak of when something arrives: what is held back shows whenever it is sent. */
const ARRIVAL_RULES = ['falsification.backfill', 'falsification.rewritten', 'quality.clock'];

export interface DetectionCase {
  /** What is laid, where and how strong; unique with the seed. */
  readonly name: string;
  /** YAML of the scenario. */
  readonly text: string;
  readonly seed: number;
}

export interface PlayedCase {
  readonly name: string;
  readonly seed: number;
  readonly siteDays: number;
  readonly truth: readonly TruthLine[];
  /** Findings that stand; those of an honest plant too. */
  readonly findings: readonly Finding[];
}

/** Plays the whole span of a scenario through the detector, as a replay of its file would. */
export function playCase({ name, text, seed }: DetectionCase): PlayedCase {
  const scenario = parseScenario(text, { source: name, seed });
  const span = scenarioSpan(scenario);
  const replay = createReplay({ wantsMeans: false });
  const files = [{ name: 'registry.yaml', text: scenarioRegistry(scenario) }];
  replay.take({ kind: 'registry', received: -8.64e15, files, offset: 0 });
  let offset = 0;
  for (const { site, device, report, at } of reportsBetween(scenario, span.fromAt, span.toAt)) {
    offset += 1;
    const record: LogRecord = { kind: 'report', site, device, received: at, body: JSON.stringify(report), offset };
    replay.take(record);
  }
  const { findings, deadLetters } = replay.finish();
  const refused = deadLetters.find(({ reason }) => !reason.startsWith('clock-'));
  if (refused !== undefined) throw new Error(`${name}: a report was refused: ${JSON.stringify(refused)}`);
  return {
    name,
    seed,
    siteDays: ((span.toAt - span.fromAt) / DAY_MS) * scenario.sites.length,
    truth: scenarioTruth(scenario, span.fromAt, span.toAt),
    findings: findings.filter(({ state }) => state !== 'withdrawn'),
  };
}

/** Subjects agree where both say something. */
function agrees(one: Finding['subject'], other: Finding['subject']): boolean {
  const keys = ['outlet', 'line', 'device', 'signal', 'order'] as const;
  return keys.every((key) => one[key] === undefined || other[key] === undefined || one[key] === other[key]);
}

const endOf = (end: string | null): number => (end === null ? Infinity : Date.parse(end));

function touches(finding: Finding, line: TruthLine, afterMs: number): boolean {
  return (
    finding.site === line.site &&
    Date.parse(finding.start) <= endOf(line.end) + afterMs &&
    endOf(finding.end) >= Date.parse(line.start)
  );
}

function isHit(finding: Finding, line: TruthLine): boolean {
  if (line.benign === true || finding.rule !== line.rule) return false;
  return touches(finding, line, 0) && agrees(finding.subject, line.subject);
}

/** Whether what was laid explains it, although it is not the rule that was meant. */
function isExplained(finding: Finding, line: TruthLine): boolean {
  const rules = line.benign === true ? (line.also ?? []) : [line.rule, ...(line.also ?? [])];
  const afterMs = ARRIVAL_RULES.includes(finding.rule) ? Infinity : AFTERMATH_MS;
  return rules.includes(finding.rule) && touches(finding, line, afterMs);
}

export interface FalseAlarm {
  readonly played: PlayedCase;
  readonly finding: Finding;
}

export interface Miss {
  readonly played: PlayedCase;
  readonly line: TruthLine;
}

interface StrengthScore {
  events: number;
  found: number;
}

export interface RuleScore {
  readonly rule: string;
  readonly strengths: Readonly<Record<'weak' | 'middle' | 'strong', StrengthScore>>;
  /** Findings that hit, and findings that nothing explains. */
  hits: number;
  falseAlarms: number;
  /** Look-alikes of this rule, and how many of them it took for the real thing. */
  lookAlikes: number;
  fooled: number;
  /** Minutes from the begin of the behaviour to `detectedAt` of the first finding. */
  readonly delaysMinutes: number[];
}

export interface DetectionScore {
  readonly siteDays: number;
  readonly rules: readonly RuleScore[];
  readonly falseAlarms: readonly FalseAlarm[];
  readonly misses: readonly Miss[];
}

function emptyScore(rule: string): RuleScore {
  const none = (): StrengthScore => ({ events: 0, found: 0 });
  const strengths = { weak: none(), middle: none(), strong: none() };
  return { rule, strengths, hits: 0, falseAlarms: 0, lookAlikes: 0, fooled: 0, delaysMinutes: [] };
}

function scoreFault(score: RuleScore, line: TruthLine, findings: readonly Finding[]): boolean {
  const hits = findings.filter((finding) => isHit(finding, line));
  const strength = score.strengths[line.strength ?? 'middle'];
  strength.events += 1;
  if (hits.length === 0) return false;
  strength.found += 1;
  const first = Math.min(...hits.map(({ detectedAt }) => Date.parse(detectedAt)));
  score.delaysMinutes.push((first - Date.parse(line.start)) / MINUTE_MS);
  return true;
}

/** @param rules ids of the rules that there are: only those are scored */
export function scoreCases(cases: readonly PlayedCase[], rules: readonly string[]): DetectionScore {
  const scores = new Map(rules.map((rule) => [rule, emptyScore(rule)]));
  const falseAlarms: FalseAlarm[] = [];
  const misses: Miss[] = [];
  for (const played of cases) {
    const { truth, findings } = played;
    const alarms = findings.filter(({ severity }) => severity !== 'info');
    const unexplained = alarms.filter((finding) => !truth.some((line) => isExplained(finding, line)));
    for (const finding of unexplained) {
      const score = scores.get(finding.rule);
      if (score !== undefined) score.falseAlarms += 1;
      falseAlarms.push({ played, finding });
    }
    for (const finding of findings) {
      const score = scores.get(finding.rule);
      if (score !== undefined && truth.some((line) => isHit(finding, line))) score.hits += 1;
    }
    for (const line of truth) {
      const score = scores.get(line.rule);
      if (score === undefined) continue;
      if (line.benign === true) {
        score.lookAlikes += 1;
        if (unexplained.some(({ rule }) => rule === line.rule)) score.fooled += 1;
      } else if (!scoreFault(score, line, findings)) {
        misses.push({ played, line });
      }
    }
  }
  const siteDays = cases.reduce((sum, played) => sum + played.siteDays, 0);
  return { siteDays, rules: [...scores.values()], falseAlarms, misses };
}

export function median(values: readonly number[]): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}
