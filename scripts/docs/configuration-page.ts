import { ConfigSchema, environmentName } from '../../cli/config.ts';
import { cell, generatedNote } from './generated-note.ts';
import type { DocsGenerator } from './docs-generator.ts';

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

function form({ type, enum: names, minimum, maximum }: Property): string {
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(' or ');
  const name = type === 'boolean' ? 'true or false' : type === 'string' ? 'text' : (type ?? '');
  if (minimum === undefined) return name;
  return maximum === undefined ? `${name}, at least ${minimum}` : `${name}, ${minimum} to ${maximum}`;
}

function row(key: string, property: Property): string {
  const set = property.default === undefined ? '' : `\`${String(property.default)}\``;
  return `| \`${key}\` | \`${environmentName(key)}\` | ${cell(form(property))} | ${set} | ${cell(property.description ?? '')} |`;
}

function page(): string {
  const rows = Object.entries(ConfigSchema.properties).map(([key, property]) => row(key, property as Property));
  return `${generatedNote('cli/config.ts')}
# Configuration

A setting comes from a file (\`--config FILE\`, YAML), from the environment, or from a flag; the later wins.
Unknown keys and unknown \`STACKWARDEN_…\` variables are errors: exit code 78, all problems at once.
Any of these variables with \`_FILE\` behind its name reads the value from the file that it names.

| in the file | in the environment | form | unless said | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Which of them are flags as well stands in [commands](commands.md).

- \`insecure\` and \`demo\` are refused unless \`host\` is a loopback address.
- \`tlsKey\` and \`tlsCert\` belong together; they hold for the API and for devices. With \`tlsCa\` a device may prove itself by a client certificate.
- \`log: kafka\` and \`series: influx\` are names kept for later: this version refuses them.
- With \`demo\` and no other \`data\`, data are kept in \`data/demo\`.

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
  generate: () => new Map([['docs/reference/configuration.md', page()]]),
};
