/** Where the rules of one site write: findings, means, and the parameters they may read. */
import type { Mean } from '../../contracts/mean.ts';
import type { Limit, Site } from '../../contracts/registry/registry.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { JudgedPeriod, Verdict } from '../means/judged-period.ts';
import type { Draft, RuleContext, RuleFacts } from '../rules/rule.ts';

export interface Scribe {
  context(rule: RuleFacts): RuleContext;
  mean(period: JudgedPeriod, verdict: Verdict, limit: Limit | undefined): void;
}

/** A judged mean with when it was judged; made into its wire form only where it leaves the detector. */
export interface MeanNote {
  readonly site: string;
  readonly period: JudgedPeriod;
  readonly verdict: Verdict;
  readonly limit: Limit | undefined;
  /** Judged again: it counts as revised where it differs from what stands. */
  readonly again: boolean;
  /** Its grace had passed when it was judged. */
  readonly isFinal: boolean;
}

/** Effective value of a rule's parameter at a site. */
function parameterOf(site: Site, rule: RuleFacts, name: string): number {
  const own = site.rules[rule.id]?.[name];
  if (own !== undefined) return own;
  const parameter = rule.parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined) throw new RangeError(`rule ${rule.id} has no parameter ${name}`);
  return parameter.default;
}

export interface ScribeTargets {
  readonly emit: (draft: Draft) => void;
  readonly mean: (period: JudgedPeriod, verdict: Verdict, limit: Limit | undefined) => void;
}

export function createScribe(site: Site, time: LocalTime, targets: ScribeTargets): Scribe {
  const contexts = new Map<string, RuleContext>();
  return {
    context(rule) {
      let context = contexts.get(rule.id);
      if (context === undefined) {
        const values = new Map<string, number>();
        context = {
          site: site.id,
          time,
          parameter(name) {
            let value = values.get(name);
            if (value === undefined) {
              value = parameterOf(site, rule, name);
              values.set(name, value);
            }
            return value;
          },
          emit: targets.emit,
        };
        contexts.set(rule.id, context);
      }
      return context;
    },
    mean: targets.mean,
  };
}

function massOf({ mass }: JudgedPeriod): Pick<Mean, 'massKg' | 'massMethod'> {
  return mass === undefined ? {} : { massKg: mass.kg, massMethod: mass.method };
}

/** The wire form of a judged mean. */
export function toMean(note: MeanNote, time: LocalTime, state: Mean['state']): Mean {
  const { period, limit } = note;
  return {
    site: note.site,
    outlet: period.outlet,
    device: period.device,
    signal: period.signal,
    average: period.average,
    start: time.format(period.start),
    end: time.format(period.end),
    state: period.mass?.isRevised === true ? 'revised' : state,
    valid: period.valid,
    parts: { ...period.parts },
    mean: period.mean,
    converted: period.converted,
    ...(period.lowerBound ? { lowerBound: true } : {}),
    o2: period.o2,
    operating: period.operating,
    ...(period.excuse === null ? {} : { excused: period.excuse.state }),
    verdict: note.verdict,
    ...(limit === undefined
      ? {}
      : {
          limit: {
            ...(limit.max === undefined ? {} : { max: limit.max }),
            ...(limit.min === undefined ? {} : { min: limit.min }),
            ...(limit.source === undefined ? {} : { source: limit.source }),
          },
        }),
    source: period.source,
    ...(period.ownMean === null ? {} : { deviceMean: period.ownMean }),
    ...(period.ownConverted === null ? {} : { deviceConverted: period.ownConverted }),
    ...massOf(period),
    ...(period.later === null ? {} : { rewritten: period.later }),
  };
}
