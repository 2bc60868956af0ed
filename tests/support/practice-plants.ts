/** Plants of one kind as the text of a registry: a kiln with a filter, a monitor at its stack, and a meter for each of both. */

export interface PracticePlant {
  readonly id: string;
  /** Absent = its id. */
  readonly name?: string;
}

/** @param limit of nitrogen oxides at the stack, mg/m³ as a mean over an hour */
export function practiceRegistry(plants: readonly PracticePlant[], limit = 100): string {
  const sites = plants.map(
    ({ id, name = id }) => `
  - id: ${id}
    name: ${name}
    district: practice
    industry: cement
    grade: B
    devices:
      - {id: cems-1, kind: cems, every: PT1M}
      - {id: m-kiln, kind: meter, every: PT1M}
      - {id: m-bag, kind: meter, every: PT1M}
    outlets:
      - id: stack-1
        device: cems-1
        ranges: {nox: [0, 300]}
        resolution: {nox: 0.1}
        limits: [{signal: nox, max: ${String(limit)}, average: PT1H, from: 2024-01-01, source: practice}]
    lines:
      - id: line-1
        outlets: [stack-1]
        production: [{device: m-kiln, rated: 800, "on": 100}]
        treatment: [{device: m-bag, rated: 100, "on": 20}]`,
  );
  return `version: 1
timezone: Asia/Shanghai
districts: [{id: practice, name: 练习分局}]
sites:${sites.join('')}
`;
}
