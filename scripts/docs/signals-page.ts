import { COUNT_SIGNALS, DEVICE_KINDS, FLAGS, POLLUTANTS, SIGNALS, type Signal } from '../../contracts/signals.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, type Say } from './language.ts';
import { DEVICE_WORDS, FLAG_WORDS, SIGNAL_GROUPS } from './signal-words.ts';

const POLLUTANT_IDS: ReadonlySet<string> = new Set(POLLUTANTS);

function noteOf(id: string, note: readonly [string, string] | undefined, say: Say): string {
  const notes = [
    ...(POLLUTANT_IDS.has(id) ? [say('converted', '折算')] : []),
    ...(COUNT_SIGNALS.has(id) ? [say('a sum over `period`', '`period` 内的合计')] : []),
    ...(note === undefined ? [] : [say(...note)]),
  ];
  return notes.join(say('; ', '；'));
}

function groups(say: Say): string {
  const byId = new Map(SIGNALS.map((signal) => [signal.id, signal]));
  const row = ({ id, unit, zh }: Signal, name: string, note: readonly [string, string] | undefined): string =>
    `| \`${id}\` | ${unit} | ${say(`${name} | ${zh}`, `${zh} | ${name}`)} | ${cell(noteOf(id, note, say))} |`;
  return SIGNAL_GROUPS.map(({ title, signals }) => {
    const rows = Object.entries(signals).flatMap(([id, [name, note]]) => {
      const signal = byId.get(id);
      return signal === undefined ? [] : [row(signal, name, note)];
    });
    const head = `| ${say('id', '编号')} | ${say('unit', '单位')} | ${say('what | 中文', '含义 | English')} | |`;
    return `## ${say(...title)}\n\n${head}\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  }).join('\n');
}

const INTRODUCTION = [
  `What a device may send. Others are declared in the registry: \`signals: [{id: vocs, unit: mg/m³, kind: number, zh: 挥发性有机物}]\`. Gas concentrations are dry at standard state (273 K, 101.325 kPa) unless the outlet says otherwise; *converted* ones are brought to the reference oxygen of the permit ([how](../explanation/means-and-limits.md)). All are numbers unless said.`,
  `设备可以上报的因子。其他因子在登记册中登记：\`signals: [{id: vocs, unit: mg/m³, kind: number, zh: 挥发性有机物}]\`。除非排口另有说明，气体浓度为标准状态（273 K、101.325 kPa）干基值；注明“折算”的按许可的基准含氧量折算（[方法](../explanation/means-and-limits.md)）。除注明外均为数字。`,
] as const;

const FLAGS_INTRODUCTION = [
  'The data mark of HJ 212, one for each value (`flags`); absent means `N`.',
  'HJ 212 的数据标记，每个数值一个（`flags`）；不写即为 `N`。',
] as const;

function page(say: Say): string {
  const flags = FLAGS.map((flag) => `| \`${flag}\` | ${cell(say(...FLAG_WORDS[flag]))} |`);
  const kinds = DEVICE_KINDS.map((kind) => `| \`${kind}\` | ${say(...DEVICE_WORDS[kind])} |`);
  return `${generatedNote('contracts/signals.ts')}
# ${say('Signals', '因子')}

${say(...INTRODUCTION)}${originalLink(say, 'reference/signals.md')}

${groups(say)}
## ${say('Flags', '数据标记')}

${say(...FLAGS_INTRODUCTION)}

| ${say('flag', '标记')} | ${say('meaning', '含义')} |
| --- | --- |
${flags.join('\n')}

## ${say('Kinds of device', '设备种类')}

| \`kind\` | |
| --- | --- |
${kinds.join('\n')}
`;
}

export const signalsPage: DocsGenerator = {
  name: 'signals',
  generate: () => inBothLanguages('reference/signals.md', page),
};
