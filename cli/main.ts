#!/usr/bin/env node
/** `stackwarden`: the commands. Each is loaded only when it is run. */
import { Command, CommanderError } from 'commander';
import { describeError, EXIT, exitCodeOf } from './exit-code.ts';
import { addEverydayCommands } from './everyday-commands.ts';
import { addFileCommands } from './file-commands.ts';
import { addStageCommands } from './stage-commands.ts';
import { programVersion } from './version.ts';

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('stackwarden');
  let code: number = EXIT.done;
  const done = (result: number): void => {
    code = result;
  };
  program
    .description('knows, around the clock and without a visit, whether factories keep to their permits')
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError('(stackwarden --help shows the commands)');
  addEverydayCommands(program, done);
  addFileCommands(program, done);
  addStageCommands(program, done);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((inner) => inner.commands)])
    command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(`stackwarden: ${describeError(error)}\n`);
    return exitCodeOf(error);
  }
  return code;
}

process.exitCode = await main(process.argv);
