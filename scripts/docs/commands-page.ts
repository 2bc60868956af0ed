import { Command } from 'commander';
import { addEverydayCommands } from '../../cli/everyday-commands.ts';
import { addFileCommands } from '../../cli/file-commands.ts';
import { generatedNote } from './generated-note.ts';
import type { DocsGenerator } from './docs-generator.ts';

const COLUMNS = 100;

/** The commands that do something, with those that only hold others left out. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function section(command: Command): string {
  command.configureHelp({ helpWidth: COLUMNS });
  const name = pathOf(command).replace(/^stackwarden /, '');
  return `## ${name}\n\n\`\`\`\n${command.helpInformation().trimEnd()}\n\`\`\`\n`;
}

function page(): string {
  const program = new Command('stackwarden');
  const ignore = (): void => undefined;
  addEverydayCommands(program, ignore);
  addFileCommands(program, ignore);
  return `${generatedNote('the commands themselves')}
# Commands

What \`--help\` prints. In a clone run them as \`npx stackwarden …\` after \`npm run build\`; \`npm start -- FLAGS\` is \`stackwarden start --demo FLAGS\`.
\`--data\` names the folder of the system that is meant; unless said it is \`data\` in the current folder. Settings may also come from a file or the environment: [configuration](configuration.md). Exit codes: [errors](errors.md#exit-codes).

${leaves(program).map(section).join('\n')}`;
}

export const commandsPage: DocsGenerator = {
  name: 'commands',
  generate: () => new Map([['docs/reference/commands.md', page()]]),
};
