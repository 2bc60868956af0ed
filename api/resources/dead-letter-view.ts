/** A dead letter as readers see it, and which of them may. */
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import { parseReportTopic } from '../../contracts/topics.ts';
import type { Caller } from '../caller.ts';
import { seesSite } from '../visible-sites.ts';

export type DeadLetterView = Omit<DeadLetter, 'received'> & { readonly received: string };

export function deadLetterView(letter: DeadLetter, time: LocalTime): DeadLetterView {
  return { ...letter, received: time.format(letter.received) };
}

/** It belongs to the site of its topic; one without a known site only to those who see everything. */
export function seesDeadLetter({ topic }: DeadLetter, registry: Registry, caller: Caller): boolean {
  return seesSite(registry, parseReportTopic(topic)?.site, caller);
}
