import { PROBLEMS } from '../../api/http/problem-list.ts';
import { EXIT } from '../../cli/exit-code.ts';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../../contracts/errors.ts';
import { cell, generatedNote } from './generated-note.ts';
import type { DocsGenerator } from './docs-generator.ts';

/** What it is, and what to do. */
const REASONS: Readonly<Record<DeadLetterReason, readonly [meaning: string, remedy: string]>> = {
  'payload-not-utf8': ['the payload is not UTF-8; it is kept in base64', 'send JSON in UTF-8'],
  'payload-not-json': ['the payload is not JSON', 'send one report or an array of reports'],
  'payload-too-long': [
    'more than 1 MiB; only the beginning is kept, and it is not acknowledged',
    'send smaller arrays',
  ],
  'report-invalid': [
    'a field is missing or has the wrong form; an array is empty or holds more than 1,000',
    'see `detail`: it names the field',
  ],
  'instant-invalid': ['`ts` or another time is not RFC 3339 with offset', 'write `2026-11-22T08:00:00+08:00`'],
  'value-kind-wrong': ['a value is not finite, or text where a number is meant', 'see `detail`: it names the signal'],
  'site-unknown': ['the registry in force has no such site', 'import the registry, then redrive'],
  'device-unknown': ['the site has no such device', 'import the registry, then redrive'],
  'signal-unknown': ['no such signal', 'correct the name, or declare it under `signals` and redrive'],
  'topic-invalid': ['not a report topic', 'publish under `stackwarden/v1/{site}/{device}/report`'],
  'topic-not-own': ['the topic of another device; the connection was closed', 'use the credentials of that device'],
  'clock-future': [
    'more than 5 minutes ahead: quarantined, and taken in by itself once its time has come',
    "set the device's clock",
  ],
  'clock-far-future': ['more than 24 hours ahead: stays here', "set the device's clock, send again"],
  'detector-failed': ['kept for a report that the detector could not read; this version never gives it', 'report it'],
};

const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  input: 'the input was wrong: a registry, a file, an id; `doctor` found something',
  usage: 'usage: an unknown command or flag, or one is missing',
  ours: 'our fault; the message says where',
  cannotWrite: 'cannot write: disk full, no permission',
  tryLater: 'try later: a port or the data folder is in use, a server is away',
  configuration: 'configuration: all problems are listed',
};

function page(): string {
  const reasons = DEAD_LETTER_REASONS.map((reason) => {
    const [meaning, remedy] = REASONS[reason];
    return `| \`${reason}\` | ${cell(meaning)} | ${cell(remedy)} |`;
  });
  const exits = Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXITS[name as keyof typeof EXIT]} |`);
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, en, zh }]) => `| \`${code}\` | ${status} | ${cell(en)} | ${cell(zh)} |`,
  );
  return `${generatedNote('contracts/errors.ts, cli/exit-code.ts and api/http/problem-list.ts')}
# Errors

## Dead letters

A message that cannot be taken in is kept with reason, topic, receive time and payload: \`GET /api/v1/dead-letters\`. Once the cause is gone, \`POST /api/v1/dead-letters/{id}/redrive\` sends it through again.

| reason | meaning | what to do |
| --- | --- | --- |
${reasons.join('\n')}

Their \`state\` is \`kept\`, \`quarantined\` (a clock ahead, its time has not come), \`taken-in\` or \`redriven\`.

## Exit codes

| code | meaning |
| --- | --- |
${exits.join('\n')}

A command that was ended by Ctrl-C twice, or that took more than five seconds to end, gives 130.

## Problems of the API

Errors of the API are RFC 9457 (\`application/problem+json\`) with \`type\` \`/problems/{code}\`, \`code\`, \`title\`, \`status\`, \`detail\` in English and Chinese, \`requestId\`, and \`errors\` with a pointer for each part that is wrong. Codes never change their meaning.

| code | status | title | 中文 |
| --- | --- | --- | --- |
${problems.join('\n')}
`;
}

export const errorsPage: DocsGenerator = {
  name: 'errors',
  generate: () => new Map([['docs/reference/errors.md', page()]]),
};
