/**
 * What a rule is: plain data about itself, and one pure step.
 *
 * A rule sees one input and its own state, never the series: look-ahead cannot be written. Its state is plain JSON
 * that it may change in place (the engine owns it, snapshots it between inputs and never shares it).
 */
import type { Basis, BilingualText, Category, Severity, Subject } from '../../contracts/finding.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';

/** A number of a rule that a site may set differently. Durations in ms, never sample counts. */
export interface Parameter {
  readonly name: string;
  readonly unit: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly help: string;
  /** Clause, or "engineering judgement" with the reason. */
  readonly source: string;
}

export type Evidence = Readonly<Record<string, unknown>>;

export interface RuleFacts {
  readonly id: string;
  /** Raised when outcomes may change. */
  readonly version: number;
  readonly category: Category;
  readonly title: BilingualText;
  /** The sentence an operator would say. */
  readonly summary: BilingualText;
  readonly severities: readonly Severity[];
  readonly basis: readonly Basis[];
  readonly parameters: readonly Parameter[];
  /** When it is blind or wrong, in plain words. */
  readonly limits: readonly BilingualText[];
  /** Two sentences from the evidence alone: an old finding explains itself identically years later. */
  explain(evidence: Evidence): BilingualText;
}

/** What a rule says it saw. Emitted again with the same rule, subject and start = the same finding, grown or closed. */
export interface Draft {
  readonly rule: RuleFacts;
  readonly subject: Subject;
  readonly startAt: number;
  /** Exclusive; null while it goes on. */
  readonly endAt: number | null;
  readonly state: 'open' | 'closed';
  /** Event time of the input after which it first stood. */
  readonly detectedAt: number;
  readonly severity: Severity;
  readonly confidence: number;
  readonly evidence: Evidence;
  /** Tells two findings of one rule, subject and start apart, such as two averaging periods. */
  readonly discriminator?: string;
}

/** Facts about the scope a rule runs in, and where its findings go. */
export interface RuleContext {
  readonly site: string;
  readonly time: LocalTime;
  /** Effective value of a parameter: the site's own, else the default. */
  parameter(name: string): number;
  emit(draft: Draft): void;
}

export function toRuleEntry(rule: RuleFacts): RuleEntry {
  return {
    id: rule.id,
    version: rule.version,
    category: rule.category,
    title: rule.title,
    summary: rule.summary,
    severities: [...rule.severities],
    basis: rule.basis.map((entry) => ({ ...entry })),
    parameters: rule.parameters.map((entry) => ({ ...entry })),
    limits: rule.limits.map((entry) => ({ ...entry })),
  };
}
