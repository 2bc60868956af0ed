/** `stackwarden simulate`: a scenario to a file, or over MQTT, with its truth. */
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { pino } from 'pino';
import { InputError } from '../../contracts/errors.ts';
import { EXIT } from '../exit-code.ts';
import { findScenario, type ScenarioChoices } from '../../simulators/read-scenario-file.ts';
import { clientUsers } from '../../simulators/play/clients.ts';
import { scenarioRegistry } from '../../simulators/registry-text.ts';
import { scenarioSpan, type Scenario } from '../../simulators/scenario.ts';
import { startSimulation } from '../../simulators/start-simulation.ts';
import { formatTruth, scenarioTruth } from '../../simulators/truth.ts';
import { writeReports } from '../../simulators/write-reports.ts';

export interface SimulateCommand {
  readonly scenario: string;
  readonly seed?: number;
  readonly mqtt?: string;
  readonly out?: string;
  readonly truth?: string;
  readonly registry?: string;
  readonly speed?: number;
  readonly start?: number;
  /** File of `credentials add --json` lines: what the clients log in with. */
  readonly credentials?: string;
  readonly ended: Promise<void>;
}

function load({ scenario, seed, start, mqtt }: SimulateCommand): Scenario {
  const startAt = start ?? (mqtt === undefined ? undefined : Date.now());
  const choices: ScenarioChoices = {
    ...(seed === undefined ? {} : { seed }),
    ...(startAt === undefined ? {} : { startAt }),
  };
  return findScenario(scenario, choices);
}

async function toFile(scenario: Scenario, path: string): Promise<number> {
  const file = path === '-' ? process.stdout : createWriteStream(path);
  const written = await writeReports(scenario, scenarioSpan(scenario), async (text) => {
    if (!file.write(text)) await once(file, 'drain');
  });
  if (path !== '-') {
    file.end();
    await finished(file);
  }
  return written;
}

interface Login {
  readonly user: string;
  readonly password: string;
}

function toLogin(line: string, place: string): Login {
  try {
    const { user, password } = JSON.parse(line) as Partial<Login>;
    if (typeof user === 'string' && typeof password === 'string') return { user, password };
  } catch (error) {
    throw new InputError(`${place} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new InputError(`${place} has no \`user\` and \`password\``);
}

/** @throws InputError where the file cannot be read, or a client of the scenario has no password in it */
function readPasswords(path: string, scenario: Scenario): (user: string) => string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const logins = lines.map((line, index) => toLogin(line, `${path}:${String(index + 1)}`));
  const passwords = new Map(logins.map(({ user, password }) => [user, password]));
  const missing = clientUsers(scenario).filter(({ user }) => !passwords.has(user));
  if (missing.length > 0) {
    const some = missing.slice(0, 3).map(({ user }) => user);
    throw new InputError(`${path} has no password for ${String(missing.length)} clients, such as ${some.join(', ')}`);
  }
  return (user) => passwords.get(user) ?? '';
}

/** @returns the exit code */
export async function runSimulate(command: SimulateCommand, err: { write(text: string): void }): Promise<number> {
  if ((command.mqtt === undefined) === (command.out === undefined))
    throw new InputError('say either --mqtt URL or --out FILE');
  const scenario = load(command);
  const span = scenarioSpan(scenario);
  if (command.registry !== undefined) await writeFile(command.registry, scenarioRegistry(scenario));
  if (command.truth !== undefined)
    await writeFile(
      command.truth,
      formatTruth(scenarioTruth(scenario, span.fromAt, span.toAt, command.mqtt === undefined ? 'on-time' : 'backlog')),
    );
  if (command.out !== undefined) {
    err.write(`${String(await toFile(scenario, command.out))} reports\n`);
    return EXIT.done;
  }
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const simulation = startSimulation({
    scenario,
    url: command.mqtt ?? '',
    now: Date.now,
    logger,
    ...(command.speed === undefined ? {} : { speed: command.speed }),
    ...(command.credentials === undefined ? {} : { passwordFor: readPasswords(command.credentials, scenario) }),
  });
  await Promise.race([command.ended, simulation.ended]);
  await simulation.stop();
  return EXIT.done;
}
