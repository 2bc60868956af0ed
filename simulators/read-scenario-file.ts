/** Scenario files on disk, the one that is built in among them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../contracts/errors.ts';
import { parseScenario, type Scenario, type ScenarioOptions } from './scenario.ts';

/** Beside the sources, and from where the compiler puts its output. */
const FOLDERS = ['./scenarios/', '../../simulators/scenarios/'];

export type ScenarioChoices = Pick<ScenarioOptions, 'startAt' | 'seed'>;

/**
 * Reads a scenario file.
 * @throws InputError where it cannot be read or is wrong
 */
export function readScenario(path: string, choices: ScenarioChoices = {}): Scenario {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(
      `cannot read the scenario ${path}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  return parseScenario(text, { source: path, ...choices });
}

function builtInFolder(): string {
  const places = FOLDERS.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const folder = places.find((place) => existsSync(place));
  if (folder === undefined)
    throw new InputError(`the built-in scenarios are missing: looked in ${places.join(' and ')}`);
  return folder;
}

/** Names of the scenarios that come with the package, sorted. */
export function builtInScenarios(): readonly string[] {
  return readdirSync(builtInFolder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .toSorted();
}

/**
 * A scenario by the name of a built-in one, or by the path of its file.
 * @throws InputError where there is neither, or it is wrong
 */
export function findScenario(nameOrPath: string, choices: ScenarioChoices = {}): Scenario {
  const isName = /^[a-z0-9-]+$/.test(nameOrPath);
  if (!isName || existsSync(nameOrPath)) return readScenario(nameOrPath, choices);
  const names = builtInScenarios();
  if (!names.includes(nameOrPath)) {
    throw new InputError(
      `there is no scenario "${nameOrPath}": built in are ${names.join(', ')}; a file is given by its path`,
    );
  }
  return readScenario(join(builtInFolder(), `${nameOrPath}.yaml`), choices);
}

/** The scenario `demo` that comes with the package. */
export function readDemoScenario(choices: ScenarioChoices = {}): Scenario {
  return findScenario('demo', choices);
}
