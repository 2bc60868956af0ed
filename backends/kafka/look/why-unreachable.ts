/** Why no connection to Kafka comes about, asked beside the client, which tells only that it waited in vain. */
import { AccessError } from '../access-error.ts';
import type { KafkaSettings } from '../kafka-settings.ts';
import { askEach, bootstrapAddresses } from './cluster.ts';

/** In at most 5 s. @returns with what to do, where that is known; undefined where a broker answers us */
export async function whyUnreachable({ brokers, access }: KafkaSettings): Promise<string | undefined> {
  const answers = [...(await askEach(bootstrapAddresses(brokers), { topics: [], access })).values()];
  const errors = answers.filter((answer) => answer instanceof Error);
  if (errors.length < answers.length || errors.length === 0) return undefined;
  const remedies = errors.flatMap((error) => (error instanceof AccessError ? [error.remedy] : []));
  const why = [...new Set(errors.map(({ message }) => message))].join('; ');
  return remedies.length === 0 ? why : `${why}. Do: ${[...new Set(remedies)].join('; ')}`;
}
