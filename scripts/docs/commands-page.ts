import { Command, type Option } from 'commander';
import { addEverydayCommands } from '../../cli/everyday-commands.ts';
import { addFileCommands } from '../../cli/file-commands.ts';
import { addStageCommands } from '../../cli/stage-commands.ts';
import { COMMANDS_ZH } from './chinese/commands.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, type Say } from './language.ts';

const COLUMNS = 100;

/** The commands that do something, with those that only hold others left out. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function allCommands(): readonly Command[] {
  const program = new Command('stackwarden');
  const ignore = (): void => undefined;
  addEverydayCommands(program, ignore);
  addFileCommands(program, ignore);
  addStageCommands(program, ignore);
  return leaves(program);
}

/** What `--help` says of the commands and their flags. */
export function commandTexts(): readonly string[] {
  return allCommands().flatMap((command) => [
    command.description(),
    ...command.options.map(({ description }) => description),
  ]);
}

/** The long flags of each command, by its path: "registry check". */
export function commandFlags(): ReadonlyMap<string, ReadonlySet<string>> {
  const entries = allCommands().map((command) => {
    const flags = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
    return [pathOf(command).replace(/^stackwarden /, ''), new Set([...flags, '--help'])] as const;
  });
  return new Map(entries);
}

/** As `--help` prints it. */
function helpOf(command: Command): string {
  command.configureHelp({ helpWidth: COLUMNS });
  return `\`\`\`\n${command.helpInformation().trimEnd()}\n\`\`\``;
}

function flagRow({ flags, description, mandatory, defaultValue }: Option): string {
  const isSaid = defaultValue !== undefined && defaultValue !== false;
  const notes = [mandatory ? '必填' : '', isSaid ? `默认 \`${String(defaultValue)}\`` : ''].filter(
    (note) => note !== '',
  );
  const meaning = COMMANDS_ZH[description] ?? description;
  return `| \`${cell(flags)}\` | ${cell(meaning)}${notes.length === 0 ? '' : `（${notes.join('，')}）`} |`;
}

/** The program itself speaks English; the Chinese page says the same as a table. */
function chineseHelpOf(command: Command): string {
  const usage = `\`\`\`\n${pathOf(command)} ${command.usage()}\n\`\`\``;
  const rows = command.options.map(flagRow);
  const table = rows.length === 0 ? [] : ['', '| 参数 | 含义 |', '| --- | --- |', ...rows];
  return [`${COMMANDS_ZH[command.description()] ?? command.description()}。`, '', usage, ...table].join('\n');
}

function section(command: Command, say: Say): string {
  const name = pathOf(command).replace(/^stackwarden /, '');
  return `## ${name}\n\n${say(helpOf(command), chineseHelpOf(command))}\n`;
}

const INTRODUCTION = [
  `What \`--help\` prints. In a clone run them as \`npx stackwarden …\` after \`npm run build\`; \`npm start -- FLAGS\` is \`stackwarden start --demo FLAGS\`.
\`--data\` names the folder of the system that is meant; unless said it is \`data\` in the current folder. Settings may also come from a file or the environment: [configuration](configuration.md). Exit codes: [errors](errors.md#exit-codes).`,
  `即 \`--help\` 的内容（程序本身输出英文）。在克隆中先 \`npm run build\`，再以 \`npx stackwarden …\` 运行；\`npm start -- 参数\` 等于 \`stackwarden start --demo 参数\`。
\`--data\` 指明所指系统的文件夹；不写则为当前文件夹下的 \`data\`。设置也可来自文件或环境变量，见[配置](configuration.md)。退出码见[错误](errors.md#退出码)。`,
] as const;

function page(say: Say): string {
  return `${generatedNote('the commands themselves')}
# ${say('Commands', '命令')}

${say(...INTRODUCTION)}${originalLink(say, 'reference/commands.md')}

${allCommands()
  .map((command) => section(command, say))
  .join('\n')}`;
}

export const commandsPage: DocsGenerator = {
  name: 'commands',
  generate: () => inBothLanguages('reference/commands.md', page),
};
