import { ConfigSchema, environmentName } from '../../cli/config.ts';
import { CONFIGURATION_ZH } from './chinese/configuration.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, translated, type Say } from './language.ts';

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  boolean: ['true or false', 'true 或 false'],
  string: ['text', '文本'],
  integer: ['integer', '整数'],
  number: ['number', '数'],
};

function form({ type = '', enum: names, minimum, maximum }: Property, say: Say): string {
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(say(' or ', ' 或 '));
  const words = TYPES[type];
  const name = words === undefined ? type : say(...words);
  if (minimum === undefined) return name;
  const [least, most] = [String(minimum), String(maximum)];
  return maximum === undefined
    ? say(`${name}, at least ${least}`, `${name}，不小于 ${least}`)
    : say(`${name}, ${least} to ${most}`, `${name}，${least} 至 ${most}`);
}

/** Every setting with what it means, in English. */
export function settingTexts(): readonly string[] {
  return Object.values(ConfigSchema.properties).map((property) => (property as Property).description ?? '');
}

function rows(say: Say): string {
  const row = ([key, property]: readonly [string, Property]): string => {
    const set = property.default === undefined ? '' : `\`${String(property.default)}\``;
    const meaning = translated(say, property.description ?? '', CONFIGURATION_ZH);
    return `| \`${key}\` | \`${environmentName(key)}\` | ${cell(form(property, say))} | ${set} | ${cell(meaning)} |`;
  };
  return Object.entries(ConfigSchema.properties)
    .map(([key, property]) => row([key, property as Property]))
    .join('\n');
}

const INTRODUCTION = [
  `A setting comes from a file (\`--config FILE\`, YAML), from the environment, or from a flag; the later wins.
Unknown keys and unknown \`STACKWARDEN_…\` variables are errors: exit code 78, all problems at once.
Any of these variables with \`_FILE\` behind its name reads the value from the file that it names.`,
  `设置来自文件（\`--config FILE\`，YAML）、环境变量或命令行参数；后者优先。
未知的键和未知的 \`STACKWARDEN_…\` 变量均为错误：退出码 78，一次列出全部问题。
以上任一变量名后加 \`_FILE\`，则从其指明的文件读取值。`,
] as const;

const NOTES = [
  `Which of them are flags as well stands in [commands](commands.md).

- \`insecure\` and \`demo\` are refused unless \`host\` is a loopback address.
- \`tlsKey\` and \`tlsCert\` belong together; they hold for the API and for devices. With \`tlsCa\` a device may prove itself by a client certificate.
- \`log: kafka\` is for the commands that are one stage each: \`ingest\`, \`detect\`, \`api\`, \`series\`. \`start\`, everything in one process, refuses it. \`series: influx\` needs it, since InfluxDB is written from Kafka.
- \`kafkaTlsCa\`, \`kafkaTlsCert\` and \`kafkaTlsKey\` need \`kafkaTls\`; the last two belong together, and so do \`kafkaSasl\`, \`kafkaUser\` and \`kafkaPassword\`. [How](../how-to/run-on-kafka.md#reach-a-kafka-with-tls-and-a-login).
- With \`demo\` and no other \`data\`, data are kept in \`data/demo\`.`,
  `哪些同时是命令行参数，见[命令](commands.md)。

- \`host\` 不是本机地址时，拒绝 \`insecure\` 和 \`demo\`。
- \`tlsKey\` 与 \`tlsCert\` 须成对；同时用于接口和设备。设置 \`tlsCa\` 后，设备可用客户端证书证明身份。
- \`log: kafka\` 用于各为一个环节的命令：\`ingest\`、\`detect\`、\`api\`、\`series\`。在一个进程内运行全部功能的 \`start\` 拒绝它。InfluxDB 由 Kafka 写入，因此 \`series: influx\` 以它为前提。
- \`kafkaTlsCa\`、\`kafkaTlsCert\`、\`kafkaTlsKey\` 以 \`kafkaTls\` 为前提；后两者须成对，\`kafkaSasl\`、\`kafkaUser\`、\`kafkaPassword\` 须同时设置。[做法](../how-to/run-on-kafka.md#连接带-tls-和登录的-kafka)。
- 使用 \`demo\` 而未另设 \`data\` 时，数据存于 \`data/demo\`。`,
] as const;

function page(say: Say): string {
  return `${generatedNote('cli/config.ts')}
# ${say('Configuration', '配置')}

${say(...INTRODUCTION)}${originalLink(say, 'reference/configuration.md')}

| ${say('in the file', '文件中')} | ${say('in the environment', '环境变量')} | ${say('form', '形式')} | ${say('unless said', '默认')} | ${say('meaning', '含义')} |
| --- | --- | --- | --- | --- |
${rows(say)}

${say(...NOTES)}

\`\`\`yaml
data: /var/lib/stackwarden
registry: /etc/stackwarden/registry
http: 8443
mqtt: 8883
host: 0.0.0.0
tlsKey: /etc/stackwarden/tls/key.pem
tlsCert: /etc/stackwarden/tls/cert.pem
\`\`\`
`;
}

export const configurationPage: DocsGenerator = {
  name: 'configuration',
  generate: () => inBothLanguages('reference/configuration.md', page),
};
