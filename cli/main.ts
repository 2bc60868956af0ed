#!/usr/bin/env node
/** `stackwarden`: the commands. Each is loaded only when it is run. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { describeError, EXIT, exitCodeOf } from './exit-code.ts';
import { addEverydayCommands } from './everyday-commands.ts';
import { addFileCommands } from './file-commands.ts';

function version(): string {
  // Beside the sources one folder up, in dist/ two.
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const file = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (file.name === 'stackwarden' && file.version !== undefined) return file.version;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
  return '0.0.0';
}

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('stackwarden');
  let code: number = EXIT.done;
  const done = (result: number): void => {
    code = result;
  };
  program
    .description('knows, around the clock and without a visit, whether factories keep to their permits')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(stackwarden --help shows the commands)');
  addEverydayCommands(program, done);
  addFileCommands(program, done);
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
