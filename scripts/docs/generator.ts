/** Documentation that is made from the code: it cannot say something else than the code does. */
import { commandsPage } from './commands-page.ts';
import { configurationPage } from './configuration-page.ts';
import { errorsPage } from './errors-page.ts';
import { metricsPage } from './metrics-page.ts';
import { rulePages } from './rule-pages.ts';

export interface DocsGenerator {
  readonly name: string;
  /** Whole files by their path in the project, e.g. `docs/reference/signals.md`. */
  readonly generate: () => Promise<ReadonlyMap<string, string>> | ReadonlyMap<string, string>;
}

/** Each generator is one file in this folder and one line here. */
export const GENERATORS: readonly DocsGenerator[] = [
  commandsPage,
  configurationPage,
  errorsPage,
  metricsPage,
  rulePages,
];
