import { PROBLEMS } from '../../api/http/problem-list.ts';
import { EXIT } from '../../cli/exit-code.ts';
import { DEAD_LETTER_REASONS } from '../../contracts/errors.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { EXIT_WORDS, REASON_WORDS } from './error-words.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, type Say } from './language.ts';

function deadLetters(say: Say): string {
  const rows = DEAD_LETTER_REASONS.map((reason) => {
    const { meaning, remedy } = REASON_WORDS[reason];
    return `| \`${reason}\` | ${cell(say(...meaning))} | ${cell(say(...remedy))} |`;
  });
  const introduction = say(
    'A message that cannot be taken in is kept with reason, topic, receive time and payload: `GET /api/v1/dead-letters`. Once the cause is gone, `POST /api/v1/dead-letters/{id}/redrive` sends it through again.',
    '无法收入的报文连同原因、主题、接收时间和内容一起保存：`GET /api/v1/dead-letters`。原因消除后，用 `POST /api/v1/dead-letters/{id}/redrive` 重新送入。',
  );
  const states = say(
    'Their `state` is `kept`, `quarantined` (a clock ahead, its time has not come), `taken-in` or `redriven`.',
    '其 `state` 为 `kept`（保存）、`quarantined`（时钟超前，时间未到）、`taken-in`（已收入）或 `redriven`（已重新送入）。',
  );
  return `## ${say('Dead letters', '死信')}

${introduction}

| ${say('reason', '原因')} | ${say('meaning', '含义')} | ${say('what to do', '处理')} |
| --- | --- | --- |
${rows.join('\n')}

${states}
`;
}

function exitCodes(say: Say): string {
  const rows = Object.entries(EXIT).map(
    ([name, code]) => `| ${code} | ${say(...EXIT_WORDS[name as keyof typeof EXIT])} |`,
  );
  const twice = say(
    'A command that was ended by Ctrl-C twice, or that took more than ten seconds to end, gives 130.',
    '两次按 Ctrl-C 结束，或结束用时超过十秒的命令，退出码为 130。',
  );
  return `## ${say('Exit codes', '退出码')}

| ${say('code', '退出码')} | ${say('meaning', '含义')} |
| --- | --- |
${rows.join('\n')}

${twice}
`;
}

function problems(say: Say): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, en, zh }]) => `| \`${code}\` | ${status} | ${cell(en)} | ${cell(zh)} |`,
  );
  const introduction = say(
    'Errors of the API are RFC 9457 (`application/problem+json`) with `type` `/problems/{code}`, `code`, `title`, `status`, `detail` in English and Chinese, `requestId`, and `errors` with a pointer for each part that is wrong. Codes never change their meaning.',
    '接口错误遵循 RFC 9457（`application/problem+json`）：`type` 为 `/problems/{code}`，另有 `code`、`title`、`status`、中英文 `detail`、`requestId`，以及逐处指出错误位置的 `errors`。代码的含义永不改变。',
  );
  return `## ${say('Problems of the API', '接口错误')}

${introduction}

| ${say('code', '代码')} | ${say('status', '状态码')} | ${say('title', 'English')} | 中文 |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function page(say: Say): string {
  return `${generatedNote('contracts/errors.ts, cli/exit-code.ts and api/http/problem-list.ts')}
# ${say('Errors', '错误')}
${say('', `\n三类错误：收不进的报文、命令的退出码、接口的错误。${originalLink(say, 'reference/errors.md')}\n`)}
${deadLetters(say)}
${exitCodes(say)}
${problems(say)}`;
}

export const errorsPage: DocsGenerator = {
  name: 'errors',
  generate: () => inBothLanguages('reference/errors.md', page),
};
