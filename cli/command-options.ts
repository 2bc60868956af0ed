/** Options that several commands share, and how they become settings. */
import { InvalidArgumentError, type Command } from 'commander';
import { readConfig } from './config.ts';

/** Is told the exit code. */
export type Done = (code: number) => void;

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
}

export function withFolder(command: Command): Command {
  return command.option('--data <dir>', 'data folder').option('--config <file>', 'configuration file (YAML)');
}

/** Options that are a command's own, not settings. */
const OWN = new Set(['json', 'log', 'role', 'district', 'grant', 'force', 'quick', 'acceptLoss']);

/** Configuration from the flags that were given. */
export function configOf(options: Record<string, unknown>): ReturnType<typeof readConfig> {
  const flags = Object.fromEntries(Object.entries(options).filter(([key]) => !OWN.has(key)));
  return readConfig(flags, process.env);
}
