/** A small scenario: one site of a type of plant, with what a test lays into it. */

interface SiteParts {
  readonly type: string;
  /** YAML of further keys of the site, each a line such as `hours: [6, 22]`. */
  readonly site?: readonly string[];
  /** YAML of further keys of the file. */
  readonly file?: readonly string[];
}

export const SCENARIO_START = '2026-11-22T15:00:00+08:00';

export function scenarioText({ type, site = [], file = [] }: SiteParts): string {
  return [
    'version: 1',
    'name: small',
    'seed: 5',
    `start: ${SCENARIO_START}`,
    'districts: [{ id: north, name: 示例北区分局 }]',
    'sites:',
    '  - id: plant-a',
    '    name: 示例厂',
    `    type: ${type}`,
    '    district: north',
    ...site.map((line) => `    ${line}`),
    ...file,
    '',
  ].join('\n');
}
