/** The command as it is shipped: built once where dist/ is older than a source, then run as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../../scripts/build.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(ROOT, 'dist/cli/main.js');
/** Test files run side by side: one of them builds, the others wait for it. */
const BUILDING = join(tmpdir(), `stackwarden-building-${ROOT.replaceAll(/\W+/g, '-')}`);
const BUILD_DEADLINE_MS = 240_000;

/** Settings of whoever runs the tests must not reach the product. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('STACKWARDEN_') && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(own), ...extra };
}

function takeTurn(): boolean {
  try {
    mkdirSync(BUILDING);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    const since = statSync(BUILDING, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // A run that was killed while it built leaves its turn behind.
    if (Date.now() - since > BUILD_DEADLINE_MS) rmdirSync(BUILDING);
    return false;
  }
}

async function build(): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('the build failed: nothing to test');
}

/** Resolves when dist/ is as new as the sources; `STACKWARDEN_TEST_DIST=as-is` takes it as it stands. */
export async function commandBuilt(): Promise<void> {
  if (process.env['STACKWARDEN_TEST_DIST'] === 'as-is') return;
  const deadline = Date.now() + BUILD_DEADLINE_MS;
  while (!isBuilt()) {
    if (Date.now() > deadline) throw new Error(`nobody finished the build; if none runs, remove ${BUILDING}`);
    if (!takeTurn()) {
      await pause(200);
      continue;
    }
    try {
      if (!isBuilt()) await build();
      return;
    } finally {
      rmdirSync(BUILDING);
    }
  }
}

export interface RunOptions {
  /** What it reads from standard input. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** The process itself, its streams as pipes; it does not outlive the test run. */
export function spawnCommand(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: options.cwd ?? ROOT,
    env: cleanEnvironment(options.env ?? {}),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  started.add(child);
  child.once('exit', () => started.delete(child));
  if (options.input !== undefined) child.stdin?.end(options.input);
  return child;
}

/** Everything that the process writes to one of its streams, as it comes. */
export function textOf(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawnCommand(args, options);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}
