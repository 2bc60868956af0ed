/** Configuration: file < environment < flag. Unknown keys are errors; a key ending in `_FILE` reads its value from a file. */
import { readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { load } from 'js-yaml';
import { ConfigError } from '../contracts/errors.ts';
import { isLoopback } from '../contracts/loopback.ts';
import { KAFKA_ACCESS_PROPERTIES, kafkaAccessContradictions } from './kafka-access.ts';

export const ConfigSchema = Type.Object(
  {
    data: Type.String({ default: 'data', description: 'folder in which everything is kept' }),
    registry: Type.Optional(Type.String({ description: 'registry file or folder; absent = the one imported last' })),
    http: Type.Integer({ default: 8080, minimum: 0, maximum: 65535, description: 'port of the API; 0 = any free one' }),
    mqtt: Type.Integer({
      default: 1883,
      minimum: 0,
      maximum: 65535,
      description: 'port for devices; 0 = any free one',
    }),
    host: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
    insecure: Type.Boolean({ default: false, description: 'devices and readers need no credentials; loopback only' }),
    demo: Type.Boolean({ default: false, description: 'adds the simulated plants' }),
    scenario: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'which plants are simulated: a built-in scenario or a file; implies demo',
      }),
    ),
    tlsKey: Type.Optional(Type.String({ description: 'PEM file of the private key' })),
    tlsCert: Type.Optional(Type.String({ description: 'PEM file of the certificate chain' })),
    tlsCa: Type.Optional(Type.String({ description: 'PEM file of the authority that signs device certificates' })),
    log: Type.Enum(['sqlite', 'kafka'], { default: 'sqlite', description: 'where the log is' }),
    series: Type.Enum(['sqlite', 'influx'], { default: 'sqlite', description: 'where the series are' }),
    kafkaBrokers: Type.Optional(Type.String({ minLength: 1, description: 'Kafka: host:port,…' })),
    ...KAFKA_ACCESS_PROPERTIES,
    kafkaPrefix: Type.String({ default: 'stackwarden.', description: 'Kafka: in front of every topic and group' }),
    kafkaPartitions: Type.Integer({
      default: 24,
      minimum: 1,
      maximum: 1024,
      description: 'Kafka: parts of the log when its topics are made; fixed from then on',
    }),
    kafkaReplicas: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 9,
      description: 'Kafka: copies of each topic when it is made; 3 on three brokers',
    }),
    kafkaTransactions: Type.Boolean({
      default: true,
      description: 'Kafka: findings and offsets move in one transaction',
    }),
    backlogSharePercent: Type.Integer({
      default: 50,
      minimum: 1,
      maximum: 100,
      description: 'Kafka: share of its time that detection gives to reports that were stored and sent later',
    }),
    influxUrl: Type.Optional(Type.String({ pattern: '^https?://', description: 'InfluxDB: http(s)://host:port' })),
    influxOrg: Type.String({ default: 'stackwarden', description: 'InfluxDB: organisation' }),
    influxBucket: Type.String({ default: 'stackwarden', description: 'InfluxDB: bucket' }),
    influxToken: Type.Optional(Type.String({ minLength: 1, description: 'InfluxDB: token; better given by file' })),
    source: Type.String({
      default: 'endpoint',
      pattern: '^(endpoint|mqtts?://.+)$',
      description: 'endpoint = devices connect to us; or the URL of a broker to subscribe to',
    }),
    sourceGroup: Type.String({
      default: 'stackwarden',
      pattern: '^[^/#+]+$',
      description: 'at that broker: group whose processes share a subscription; in front of the names of connections',
    }),
    sourceName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[^/#+\\s]+$',
        description:
          'name of this process at that broker, which keeps its messages under it: each process has its own, the same after each start; absent = the host name',
      }),
    ),
    sourceConnections: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      description:
        'connections to that broker; 1 = a subscription of this process alone, more = shared with the processes of its group',
    }),
    connections: Type.Integer({
      default: 20_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'devices that may be connected at one time; each needs an open file',
    }),
    backlogAfterMinutes: Type.Number({
      default: 15,
      minimum: 1,
      maximum: 1440,
      description: 'Kafka: reports that end so long before their receipt, or are sent again, wait behind what is live',
    }),
    storageRefusalSeconds: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 600,
      description: 'while storage refuses: seconds until a message is given up and its connection closed',
    }),
    traces: Type.Optional(
      Type.String({
        pattern: '^https?://[^@]+$',
        description:
          'follows reports on their way: http(s)://host:port of a collector of OpenTelemetry (OTLP); absent = off',
      }),
    ),
    tracesSharePercent: Type.Number({
      default: 1,
      minimum: 0.01,
      maximum: 100,
      description: 'share of the messages from devices that are followed',
    }),
    retainLogDays: Type.Number({ default: 400, minimum: 8, description: 'days that the log is kept' }),
    retainSampleDays: Type.Number({ default: 1100, minimum: 8, description: 'days that raw values are kept' }),
    retainMeanDays: Type.Number({ default: 3700, minimum: 8, description: 'days that means are kept' }),
    retainDeadLetterDays: Type.Number({ default: 400, minimum: 1, description: 'days that dead letters are kept' }),
  },
  { additionalProperties: false },
);
export type Config = Static<typeof ConfigSchema>;
export type PartialConfig = Partial<Config>;

const compiled = Compile(ConfigSchema);

/** `retainLogDays` → `STACKWARDEN_RETAIN_LOG_DAYS`. */
export function environmentName(key: string): string {
  return `STACKWARDEN_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

const KEYS = Object.keys(ConfigSchema.properties) as (keyof Config)[];
/** Set for tests, benchmarks and the servers they run on; not configuration. */
const FOREIGN = /^STACKWARDEN_(TEST|BENCH|NATIVE)_/;

function fromText(key: keyof Config, text: string): unknown {
  const property = ConfigSchema.properties[key] as { type?: string };
  if (property.type === 'integer' || property.type === 'number') return text.trim() === '' ? text : Number(text);
  if (property.type !== 'boolean') return text;
  if (['1', 'true', 'yes'].includes(text.toLowerCase())) return true;
  return ['0', 'false', 'no', ''].includes(text.toLowerCase()) ? false : text;
}

function readSecret(path: string, name: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('STACKWARDEN_') || FOREIGN.test(name) || text === undefined) continue;
    const key = KEYS.find((candidate) => environmentName(candidate) === name);
    const secret =
      key === undefined ? KEYS.find((candidate) => `${environmentName(candidate)}_FILE` === name) : undefined;
    if (key !== undefined) values[key] = fromText(key, text);
    else if (secret !== undefined) {
      const value = readSecret(text, name, problems);
      if (value !== undefined) values[secret] = fromText(secret, value);
    } else problems.push(`${name} is not a setting; known are ${KEYS.map(environmentName).join(', ')}`);
  }
  return values;
}

function fromFile(path: string, problems: string[]): Record<string, unknown> {
  let value: unknown;
  try {
    value = load(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`cannot read the configuration ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push(`${path} is not a map of settings`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (!(KEYS as string[]).includes(key))
      problems.push(`${path}: \`${key}\` is not a setting; known are ${KEYS.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

function defaults(): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of KEYS) {
    const property = ConfigSchema.properties[key] as { default?: unknown };
    if (property.default !== undefined) values[key] = property.default;
  }
  return values;
}

function checkServers(config: Config, problems: string[]): void {
  if (config.log === 'kafka' && config.kafkaBrokers === undefined)
    problems.push('log: kafka needs kafkaBrokers (host:port,…)');
  if (config.series === 'influx' && (config.influxUrl === undefined || config.influxToken === undefined))
    problems.push('series: influx needs influxUrl and influxToken');
  if (config.series === 'influx' && config.log !== 'kafka')
    problems.push('series: influx is written from Kafka: it needs log: kafka');
  problems.push(...kafkaAccessContradictions(config));
}

function checkTogether(config: Config, problems: string[]): void {
  if ((config.insecure || config.demo) && !isLoopback(config.host)) {
    problems.push(
      `${config.insecure ? 'insecure' : 'demo'} is for trying out on this machine: host must be a loopback address, not ${config.host}`,
    );
  }
  if ((config.tlsKey === undefined) !== (config.tlsCert === undefined))
    problems.push('tlsKey and tlsCert belong together');
  checkServers(config, problems);
}

/**
 * @param flags only those that were given
 * @throws ConfigError with every problem at once
 */
export function readConfig(
  flags: PartialConfig & { readonly config?: string },
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const problems: string[] = [];
  const { config: path, ...given } = flags;
  const values: unknown = {
    ...defaults(),
    ...(path === undefined ? {} : fromFile(path, problems)),
    ...fromEnvironment(environment, problems),
    ...given,
  };
  if (!compiled.Check(values)) {
    for (const error of compiled.Errors(values)) {
      if (error.keyword === 'additionalProperties') continue;
      problems.push(`${error.instancePath.slice(1)} ${error.message}`);
    }
    if (problems.length === 0) problems.push('the configuration does not fit its schema');
    throw new ConfigError(problems);
  }
  const config = values.scenario === undefined ? values : { ...values, demo: true };
  checkTogether(config, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
