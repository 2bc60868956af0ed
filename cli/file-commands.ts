/** The commands that work on files alone: replay and simulate. */
import { Option, type Command } from 'commander';
import { askedToEnd } from './asked-to-end.ts';
import { InputError } from '../contracts/errors.ts';
import { parseInstant } from '../contracts/time/instant.ts';

type Done = (code: number) => void;

interface ReplayOptions {
  readonly registry?: string;
  readonly reports?: string[];
  readonly log?: string[];
  readonly findings: string;
  readonly means?: string;
  readonly deadLetters?: string;
}

function addReplay(program: Command, done: Done): void {
  program
    .command('replay')
    .description('offline and deterministic: reports or a log in, findings in their final state out')
    .option(
      '--registry <path>',
      'registry file or folder; needed with --reports; with --log it stands in place of those in the log',
    )
    .addOption(new Option('--reports <files...>', 'NDJSON, also .gz and .zst; - is standard input').conflicts('log'))
    .option('--log <files...>', 'an exported log')
    .requiredOption('--findings <file>', 'NDJSON to write; - is standard output')
    .option('--means <file>', 'means to write')
    .option('--dead-letters <file>', 'bad lines and refused reports to write')
    .action(async (options: ReplayOptions, command: Command) => {
      if (options.reports === undefined && options.log === undefined)
        command.error('error: say --reports FILE… or --log FILE…');
      if (options.reports !== undefined && options.registry === undefined)
        command.error('error: --reports needs --registry PATH');
      const { againWithYoungSpace, endWithParent, wantsYoungSpace } = await import('./young-space.ts');
      if (await wantsYoungSpace(options)) {
        done(await againWithYoungSpace());
        return;
      }
      endWithParent();
      const { runReplay } = await import('./commands/replay.ts');
      done(await runReplay(options, process.stderr));
    });
}

interface SimulateOptions {
  readonly scenario: string;
  readonly seed?: number;
  readonly mqtt?: string;
  readonly out?: string;
  readonly truth?: string;
  readonly registry?: string;
  readonly speed?: number;
  readonly credentials?: string;
  readonly start?: string;
}

function toInstant(text: string): number {
  const at = parseInstant(text);
  if (Number.isNaN(at)) throw new InputError(`--start is "${text}", expected RFC 3339 with offset`);
  return at;
}

function addSimulate(program: Command, done: Done): void {
  program
    .command('simulate')
    .description('devices of a few plants with labelled faults; same seed, same bytes')
    .option('--scenario <file>', 'scenario file, or a built-in one such as `demo` or `city`', 'demo')
    .option('--seed <n>', 'instead of the scenario’s own', Number)
    .option('--mqtt <url>', 'publish to this endpoint')
    .option('--out <file>', 'write reports as NDJSON')
    .option('--truth <file>', 'write what is wrong, where and when')
    .option('--registry <file>', 'write the registry that belongs to it')
    .option('--speed <n>', 'how much faster than the clock', Number)
    .option('--credentials <file>', 'what its clients log in with: lines of `credentials add --json`')
    .option('--start <instant>', 'begin of live time instead of the scenario’s own')
    .action(async ({ start, ...options }: SimulateOptions) => {
      const { runSimulate } = await import('./commands/simulate.ts');
      const at = start === undefined ? {} : { start: toInstant(start) };
      done(await runSimulate({ ...options, ...at, ended: askedToEnd() }, process.stderr));
    });
}

export function addFileCommands(program: Command, done: Done): void {
  addReplay(program, done);
  addSimulate(program, done);
}
