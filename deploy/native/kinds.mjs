/** The servers that can be had. */
import { influx } from './influx.mjs';
import { kafka } from './kafka.mjs';
import { mosquitto } from './mosquitto.mjs';

/** @type {readonly import('./server-kind.mjs').ServerKind<any>[]} */
export const KINDS = [kafka, influx, mosquitto];

/** @param {string} name */
export function kindNamed(name) {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined)
    throw new Error(`no such server: ${name}; there are ${KINDS.map((one) => one.name).join(', ')}`);
  return kind;
}
