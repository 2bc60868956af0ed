/** Scenario files on disk, the one that is built in among them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../contracts/errors.ts';
import { parseScenario, type Scenario, type ScenarioOptions } from './scenario.ts';

/** Beside the sources, and from where the compiler puts its output. */
const DEMO_PLACES = ['./scenarios/demo.yaml', '../../simulators/scenarios/demo.yaml'];

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

/** The scenario `demo` that comes with the package. */
export function readDemoScenario(choices: ScenarioChoices = {}): Scenario {
  const places = DEMO_PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new InputError(`the built-in scenario is missing: looked for ${places.join(' and ')}`);
  return readScenario(path, choices);
}
