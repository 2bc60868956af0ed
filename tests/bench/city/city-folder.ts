/** A data folder for the city, made ready with the commands that an operator has: no back door for the benchmark. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioRegistry } from '../../../simulators/registry-text.ts';
import type { Scenario } from '../../../simulators/scenario.ts';
import { probeRegistry, probeSite } from './city-registry.ts';

export const COMMAND = 'dist/cli/main.js';
const PROBE_USER = 'probe';

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface CityFolder {
  readonly data: string;
  /** What the simulator's clients log in with. */
  readonly logins: string;
  /** Keys of desks, each with its own share of requests. */
  readonly deskKeys: readonly string[];
  readonly probeKey: string;
  readonly probeLogin: Login;
}

interface CityWants {
  readonly desks: number;
  readonly probes: number;
}

/** Runs a command to its end; its output goes to a file where one is given. @throws where it fails */
function run(args: readonly string[], outputFile?: string): string {
  const output = outputFile === undefined ? 'pipe' : openSync(outputFile, 'w', 0o600);
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', output, 'pipe'],
    encoding: 'utf8',
  });
  if (typeof output === 'number') closeSync(output);
  if (status !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

function addKey(data: string, name: string): string {
  const text = run(['keys', 'add', name, '--role', 'watch', '--json', '--data', data]);
  return (JSON.parse(text) as { secret: string }).secret;
}

function addProbe(data: string, probes: number): Login {
  const grants = Array.from({ length: probes }, (_, index) => ['--grant', `${probeSite(index)}/*`]).flat();
  return JSON.parse(run(['credentials', 'add', PROBE_USER, ...grants, '--json', '--data', data])) as Login;
}

/** Registry in force, credentials of every client of the city and of the probe, keys of the desks. */
export function prepareFolder(folder: string, city: Scenario, { desks, probes }: CityWants): CityFolder {
  const registry = join(folder, 'registry');
  mkdirSync(registry);
  const cityFile = join(registry, 'city.yaml');
  writeFileSync(cityFile, scenarioRegistry(city));
  writeFileSync(join(registry, 'probes.json'), probeRegistry(probes, city.districts[0]?.id ?? ''));
  const data = join(folder, 'data');
  const logins = join(folder, 'logins.ndjson');
  run(['registry', 'import', registry, '--data', data]);
  run(['credentials', 'add-all', cityFile, '--per', city.network.clients, '--data', data], logins);
  return {
    data,
    logins,
    deskKeys: Array.from({ length: desks }, (_, index) => addKey(data, `desk-${index}`)),
    probeKey: addKey(data, PROBE_USER),
    probeLogin: addProbe(data, probes),
  };
}
