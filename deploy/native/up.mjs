/**
 * `deploy/native/up [kafka] [influx] [mosquitto] [--require] [--state FILE]`: brings up what is not up yet, and writes
 * addresses to standard output as NAME=value, for `env $(deploy/native/up) npm test`. Everything else goes to standard
 * error. Ends with 1 where a server fails, or with --require is missing; the others stay up all the same.
 */
import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upArguments } from './arguments.mjs';
import { KINDS } from './kinds.mjs';
import { MissingServer } from './missing-server.mjs';
import { alone, environmentFile, FOLDER_PREFIX, readState, writeState } from './run-state.mjs';
import { endProcess, isRunning } from './server-process.mjs';
import { startNew } from './start-server.mjs';

/**
 * @typedef {import('./run-state.mjs').RunState} RunState
 * @typedef {import('./server-kind.mjs').ServerKind<unknown>} AnyKind
 */

const { kinds, isRequired, stateFile } = upArguments();

/** @returns {RunState} */
function beginState() {
  const known = readState(stateFile);
  if (known === undefined) {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), FOLDER_PREFIX));
    const state = { folder, servers: [] };
    writeState(stateFile, state);
    return state;
  }
  if (!existsSync(known.folder)) throw new Error(`${known.folder} is gone: run deploy/native/down first`);
  return known;
}

/**
 * @param {RunState} state
 * @param {AnyKind} kind
 */
async function isUp(state, kind) {
  const known = state.servers.find(({ name }) => name === kind.name);
  if (known === undefined) return false;
  if (known.lines !== undefined && isRunning(known.mark) && (await kind.answers(known.place))) return true;
  await endProcess(known.mark, kind.stopWithinMs);
  return false;
}

/**
 * At once in the file: whatever happens next, `down` finds it there.
 * @param {RunState} state
 * @param {import('./run-state.mjs').StartedServer} server
 */
function note(state, server) {
  state.servers = [...state.servers.filter(({ name }) => name !== server.name), server];
  writeState(stateFile, state);
}

/**
 * @param {RunState} state
 * @param {AnyKind} kind
 */
async function bringUp(state, kind) {
  if (await isUp(state, kind)) return;
  const program = await kind.find({ fetch: true });
  const beganAt = performance.now();
  const { mark, place } = await startNew({
    kind,
    program,
    parent: state.folder,
    outlives: true,
    begun(begunMark, begunPlace) {
      note(state, { name: kind.name, mark: begunMark, place: begunPlace });
    },
  });
  const lines = await kind.settle(place);
  note(state, { name: kind.name, mark, place, lines });
  const seconds = ((performance.now() - beganAt) / 1_000).toFixed(1);
  console.error(`${kind.name} is up after ${seconds} s: process ${mark.pid}, ${place.folder}`);
}

/**
 * @param {AnyKind} kind
 * @param {unknown} error
 */
function report(kind, error) {
  const isMissing = error instanceof MissingServer;
  const text = error instanceof Error ? (isMissing ? error.message : (error.stack ?? error.message)) : String(error);
  console.error(`without ${kind.name}: ${text}`);
  if (isRequired || !isMissing) process.exitCode = 1;
}

await alone(stateFile, async () => {
  const state = beginState();
  const results = await Promise.allSettled(kinds.map((kind) => bringUp(state, kind)));
  results.forEach((result, index) => {
    const kind = kinds[index];
    if (result.status === 'rejected' && kind !== undefined) report(kind, result.reason);
  });
  const inOrder = KINDS.flatMap((kind) => state.servers.filter(({ name }) => name === kind.name));
  const lines = inOrder.flatMap((server) => Object.entries(server.lines ?? {}));
  const text = lines.map(([name, value]) => `${name}=${value}\n`).join('');
  writeFileSync(environmentFile(state), text, { mode: 0o600 });
  console.error(`the lines below stand in ${environmentFile(state)}; all of it goes with deploy/native/down`);
  process.stdout.write(text);
});
