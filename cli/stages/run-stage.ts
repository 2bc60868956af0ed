/**
 * What all stages have in common as processes: they say when they are ready, go on until they are asked to end or cannot
 * go on, end within ten seconds, and leave with the code that tells a supervisor whether starting again helps. On
 * anything unclear a stage ends and is started again from what is stored.
 */
import { pino, type Logger } from 'pino';
import type { Config } from '../config.ts';
import { describeError, EXIT, exitCodeOf } from '../exit-code.ts';
import { hungClient } from '../../backends/kafka/settle.ts';
import { endAtOnce } from '../end-at-once.ts';
import { boundHeapGrowth } from '../heap-growth.ts';

export interface StageStreams {
  readonly out: { write(text: string): void };
  readonly err: { write(text: string): void };
}

interface StageProcess {
  /** One line of JSON when ready. */
  readonly json: boolean;
  /** Resolves when the process is asked to end. */
  readonly ended: Promise<void>;
}

/** What the command of a stage is told. */
export interface StageOptions extends StageProcess {
  readonly config: Config;
}

export interface StageCommand extends StageProcess {
  /** Name of the command. */
  readonly name: string;
}

export interface RunningStage {
  /** What whoever started it wants to know: ports and addresses by name. */
  readonly addresses: Readonly<Record<string, string | number>>;
  /** Resolves when it cannot go on: with why. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

/** A server that hangs must not keep a process that has to be started again. */
const STOP_MS = 10_000;

function announce({ name, json }: StageCommand, { addresses }: RunningStage, { out }: StageStreams): void {
  if (json) {
    out.write(`${JSON.stringify({ ready: true, stage: name, ...addresses })}\n`);
    return;
  }
  const width = Math.max(...Object.keys(addresses).map((key) => key.length), 'ready'.length);
  out.write(`${'ready'.padEnd(width)}  ${name}\n`);
  for (const [key, value] of Object.entries(addresses)) out.write(`${key.padEnd(width)}  ${String(value)}\n`);
}

/** Ends the process for `error` at once where ending it properly takes too long. */
function limitEnd(error: unknown): void {
  setTimeout(() => endAtOnce(exitCodeOf(error)), STOP_MS).unref();
}

async function stopAfter(stage: RunningStage, failure: Error | undefined): Promise<void> {
  if (failure !== undefined) limitEnd(failure);
  try {
    await stage.stop();
  } catch (error) {
    // What ended it says more than what could not be closed after that.
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

/** Node itself would leave with 1, which says that the input was wrong, and nobody would start it again. */
function crashOnUncaught(logger: Logger): () => void {
  const crash = (err: unknown): void => {
    logger.fatal({ err }, 'stage.crashed');
    endAtOnce(EXIT.ours);
  };
  process.on('uncaughtException', crash);
  return () => {
    process.off('uncaughtException', crash);
  };
}

/**
 * Runs a stage until it is asked to end.
 * @param start @throws as the stage does; it leaves nothing open then
 * @returns the exit code; @throws what the stage could not go on for
 */
export async function runStage(
  command: StageCommand,
  streams: StageStreams,
  start: (logger: Logger) => Promise<RunningStage>,
): Promise<number> {
  boundHeapGrowth();
  const level = process.env['STACKWARDEN_TEST_LOG_LEVEL'] ?? 'warn';
  const logger = pino({ level, base: { stage: command.name } }, pino.destination(2));
  const calm = crashOnUncaught(logger);
  try {
    const stage = await start(logger);
    announce(command, stage, streams);
    const failure = await Promise.race([command.ended.then(() => undefined), stage.failed, hungClient()]);
    if (failure !== undefined) logger.error({ err: describeError(failure) }, 'stage.failed');
    await stopAfter(stage, failure);
    return EXIT.done;
  } finally {
    calm();
  }
}
