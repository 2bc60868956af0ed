/** The simulated plants of `stackwarden start`, in a process of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { InputError, InvariantError } from '../contracts/errors.ts';
import type { SimulationLog, SimulationStats } from '../simulators/start-simulation.ts';
import type { SimulatorReply, SimulatorRequest, SimulatorTask } from './simulator-messages.ts';

export interface SimulatorChild {
  /** Text of the registry of its plants. */
  readonly registry: string;
  readonly startAt: number;
  /** Whether each site sends through one client. */
  readonly clients: 'site' | 'device';
  /** Begins to send. @param backlogFromAt when a former run ended */
  go(url: string, backlogFromAt: number | undefined): void;
  /** Resolves when every site is live. */
  readonly delivered: Promise<SimulationStats>;
  /** Resolves when it has ended: with an error where nobody asked it to. */
  readonly ended: Promise<Error | undefined>;
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 2_500;

/** Emitted code runs as it is; sources are run by `scripts/run-source.mjs`. */
function start(task: SimulatorTask): ChildProcess {
  const text = JSON.stringify(task);
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './simulator-process.ts' : './simulator-process.js', import.meta.url);
  const runner = new URL('../scripts/run-source.mjs', import.meta.url);
  return isSource
    ? fork(fileURLToPath(runner), [entry.href, text], { execArgv: [] })
    : fork(fileURLToPath(entry), [text], { execArgv: [] });
}

type Ready = Extract<SimulatorReply, { kind: 'ready' }>;

/** @throws InputError where the scenario is wrong; InvariantError where the process ends before it is ready */
function untilReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new InvariantError(`the simulator ended before it was ready (exit code ${String(code)})`));
    };
    child.once('exit', ended);
    child.on('message', (reply: SimulatorReply) => {
      if (reply.kind === 'ready') resolve(reply);
      if (reply.kind === 'refused') reject(new InputError(reply.message));
      if (reply.kind === 'ready' || reply.kind === 'refused') child.off('exit', ended);
    });
  });
}

function untilDelivered(child: ChildProcess, logger: SimulationLog): Promise<SimulationStats> {
  return new Promise((resolve) => {
    child.on('message', (reply: SimulatorReply) => {
      if (reply.kind === 'delivered') resolve(reply.stats);
      if (reply.kind === 'warning') logger.warn(reply.fields, reply.message);
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  if (child.connected) child.send({ kind: 'stop' } satisfies SimulatorRequest);
  await gone;
  clearTimeout(timer);
}

/** Starts the process and waits for its plants. */
export async function startSimulatorChild(task: SimulatorTask, logger: SimulationLog): Promise<SimulatorChild> {
  const child = start(task);
  let isStopping = false;
  const ended = once(child, 'exit').then(([code]: unknown[]) =>
    isStopping ? undefined : new InvariantError(`the simulator ended by itself (exit code ${String(code)})`),
  );
  const delivered = untilDelivered(child, logger);
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopChild(child);
  };
  try {
    const { registry, startAt, clients } = await untilReady(child);
    return {
      registry,
      startAt,
      clients,
      delivered,
      ended,
      stop,
      go: (url, backlogFromAt) => {
        const from = backlogFromAt === undefined ? {} : { backlogFromAt };
        child.send({ kind: 'go', url, ...from } satisfies SimulatorRequest);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
