/** `deploy/native/down [--state FILE]`: ends what `up` started, exactly that, and takes its folder away. */
import { downArguments } from './arguments.mjs';
import { kindNamed } from './kinds.mjs';
import { alone, readState, removeState } from './run-state.mjs';
import { endProcess } from './server-process.mjs';

const { stateFile } = downArguments();

await alone(stateFile, async () => {
  const state = readState(stateFile);
  if (state === undefined) {
    console.error('nothing is up');
    return;
  }
  await Promise.all(state.servers.map(({ name, mark }) => endProcess(mark, kindNamed(name).stopWithinMs)));
  removeState(stateFile, state);
  console.error(`down: ${state.servers.map(({ name }) => name).join(', ') || 'nothing was up'}`);
});
