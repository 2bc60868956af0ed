/** Documentation that is made from the code: it cannot say something else than the code does. */
import { commandsPage } from './commands-page.ts';
import { configurationPage } from './configuration-page.ts';
import { apiDocuments } from '../openapi.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { errorsPage } from './errors-page.ts';
import { faultTables } from './fault-tables.ts';
import { metricsPage } from './metrics-page.ts';
import { rulePages } from './rule-pages.ts';
import { rulesPage } from './rules-page.ts';
import { schemasPage } from './schemas-page.ts';
import { signalsPage } from './signals-page.ts';

/** Each generator is one file in this folder and one line here. */
export const GENERATORS: readonly DocsGenerator[] = [
  commandsPage,
  configurationPage,
  errorsPage,
  faultTables,
  metricsPage,
  rulePages,
  rulesPage,
  schemasPage,
  signalsPage,
  { name: 'openapi', generate: apiDocuments },
];
