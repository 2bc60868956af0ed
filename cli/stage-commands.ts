/** The commands that are one stage each, for production on Kafka. */
import type { Command } from 'commander';
import { askedToEnd } from './asked-to-end.ts';
import { configOf, parsePort, type Done } from './command-options.ts';

function stage(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--config <file>', 'configuration file')
    .option('--http <port>', 'port for health and metrics (8080; 0 = any free one)', parsePort)
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--json', 'one line of JSON when ready', false);
}

function addDetect(program: Command, done: Done): void {
  stage(program, 'detect', 'checks the log on Kafka; several share its partitions').action(
    async (options: Record<string, unknown>) => {
      const { runDetect } = await import('./commands/detect.ts');
      const command = { config: configOf(options), json: options['json'] === true, ended: askedToEnd() };
      done(await runDetect(command, { out: process.stdout, err: process.stderr }));
    },
  );
}

export function addStageCommands(program: Command, done: Done): void {
  addDetect(program, done);
}
