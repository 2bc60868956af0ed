/** What a rule's step is given in tests: its own defaults, and a list of what it said. */
import { createLocalTime } from '../../contracts/time/local-time.ts';
import type { Draft, RuleContext, RuleFacts } from '../../detect/rules/rule.ts';

export interface RecordedContext {
  readonly context: RuleContext;
  readonly drafts: Draft[];
}

/** @param own parameters that the site has set itself */
export function recordedContext(rule: RuleFacts, own: Readonly<Record<string, number>> = {}): RecordedContext {
  const drafts: Draft[] = [];
  const context: RuleContext = {
    site: 'plant',
    time: createLocalTime('Asia/Shanghai'),
    parameter(name) {
      const value = own[name] ?? rule.parameters.find((parameter) => parameter.name === name)?.default;
      if (value === undefined) throw new RangeError(`rule ${rule.id} has no parameter ${name}`);
      return value;
    },
    emit: (draft) => {
      drafts.push(draft);
    },
  };
  return { context, drafts };
}
