/** What a broker that was there already grants, as a line. */
import type { BrokerFacts } from '../../backends/mqtt/look-at-broker.ts';
import { DAY_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { check, type Check } from './check.ts';

/** Engineering judgement: over a long weekend a process that fell over is started again. */
const LEAST_KEPT_SECONDS = (3 * DAY_MS) / SECOND_MS;

/** @param url without what must not be shown @param connections more than one are shared */
export function sourceLine(facts: BrokerFacts, url: string, connections: number): Check {
  const { trouble, keptSeconds, receiveMaximum, highestQos, hasSharedSubscriptions } = facts;
  if (trouble !== undefined) {
    const remedy = 'start it, or correct source and its credentials; it has to speak MQTT 5';
    return check('source', false, `${url} gives no connection: ${trouble}`, remedy);
  }
  const days = Number(((keptSeconds * SECOND_MS) / DAY_MS).toFixed(2));
  const granted =
    `${url} gives a connection of MQTT 5, keeps for ${String(days)} days what comes for a process that is away, ` +
    `takes ${String(receiveMaximum)} messages at a time`;
  const problems = [
    ...(keptSeconds < LEAST_KEPT_SECONDS ? ['it keeps less than three days'] : []),
    ...(highestQos < 1 ? ['it delivers only once at most (QoS 0)'] : []),
    ...(connections > 1 && !hasSharedSubscriptions
      ? ['it has no shared subscriptions, and sourceConnections > 1']
      : []),
  ];
  const remedy =
    "change the broker's limits (session expiry interval, maximum QoS, shared subscriptions), or set sourceConnections: 1";
  return check('source', problems.length === 0, [granted, ...problems].join('; '), remedy);
}
