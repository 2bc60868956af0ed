/** What `up` and `down` are told. */
import { parseArgs } from 'node:util';
import { KINDS, kindNamed } from './kinds.mjs';
import { defaultStateFile } from './run-state.mjs';

/**
 * @template T
 * @param {string} usage
 * @param {() => T} read
 */
function orUsage(usage, read) {
  try {
    return read();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage}`);
    return process.exit(2);
  }
}

/** Without a server: all. */
export function upArguments() {
  return orUsage('deploy/native/up [kafka] [influx] [mosquitto] [--require] [--state FILE]', () => {
    const { values, positionals } = parseArgs({
      options: { require: { type: 'boolean', default: false }, state: { type: 'string' } },
      allowPositionals: true,
    });
    return {
      kinds: positionals.length === 0 ? KINDS : [...new Set(positionals)].map(kindNamed),
      isRequired: values.require,
      stateFile: values.state ?? defaultStateFile(),
    };
  });
}

export function downArguments() {
  return orUsage('deploy/native/down [--state FILE]', () => {
    const { values } = parseArgs({ options: { state: { type: 'string' } } });
    return { stateFile: values.state ?? defaultStateFile() };
  });
}
