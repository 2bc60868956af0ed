/** Duty desks that ask the API, each with its own key and so its own share of requests. */
import type { Scenario, ScenarioSite } from '../../../simulators/scenario.ts';

export class Desks {
  readonly #page: string;
  readonly #keys: readonly string[];
  #asked = 0;

  constructor(page: string, keys: readonly string[]) {
    this.#page = page;
    this.#keys = keys;
  }

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** Asked by the next desk. @throws where the answer is a refusal */
  async ask<T>(path: string): Promise<T> {
    const key = this.#keys[this.#asked % this.#keys.length] ?? '';
    this.#asked += 1;
    const answer = await fetch(new URL(path, this.#page), { headers: { authorization: `Bearer ${key}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** `/metrics`, by name; of those with labels the sum. */
  async metrics(): Promise<(name: string) => number> {
    const text = await (await fetch(new URL('/metrics', this.#page))).text();
    const values = new Map<string, number>();
    for (const line of text.split('\n')) {
      const [, name = '', value = ''] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name !== '') values.set(name, (values.get(name) ?? 0) + Number(value));
    }
    return (name) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`/metrics has no ${name}`);
      return value;
    };
  }
}

export interface Question {
  /** What is looked at, for the table. */
  readonly about: string;
  readonly path: string;
}

/** Coprime to any number of sites that is not a multiple of it: every site has its turn, neighbours do not follow. */
const STRIDE = 7_919;
const HOUR_MS = 3_600_000;

const pick = <T>(values: readonly T[], index: number): T | undefined => values[(index * STRIDE) % values.length];

const ago = (ms: number): string => encodeURIComponent(new Date(Date.now() - ms).toISOString());

function meterOf({ devices }: ScenarioSite): string | undefined {
  return devices.find(({ kind }) => kind === 'meter')?.id;
}

/** What a duty officer looks at, one after the other: lists, one firm, its means and curves, one finding. */
export function createQuestions(city: Scenario, findings: readonly string[]): (index: number) => Question {
  const sites = city.sites.map(({ id }) => id);
  const metered = city.sites.filter((site) => meterOf(site) !== undefined);
  const kinds: readonly ((index: number) => Question)[] = [
    () => ({ about: 'newest findings', path: '/api/v1/findings?limit=50' }),
    (index) => ({ about: 'site', path: `/api/v1/sites/${pick(sites, index) ?? ''}` }),
    (index) => ({ about: 'findings of a site', path: `/api/v1/findings?site=${pick(sites, index) ?? ''}` }),
    (index) => ({
      about: 'means of a site, a day',
      path: `/api/v1/means?site=${pick(sites, index) ?? ''}&from=${ago(24 * HOUR_MS)}`,
    }),
    (index) => ({ about: 'latest values of a site', path: `/api/v1/sites/${pick(sites, index) ?? ''}/latest` }),
    () => ({ about: 'sites', path: '/api/v1/sites?limit=50' }),
    (index) => {
      const site = pick(metered, index);
      if (site === undefined) return { about: 'rules', path: '/api/v1/rules' };
      const channel = `${meterOf(site) ?? ''}.power`;
      return {
        about: 'curve of a day',
        path: `/api/v1/sites/${site.id}/signals/${channel}/data?from=${ago(24 * HOUR_MS)}&every=PT5M`,
      };
    },
    (index) => {
      const id = pick(findings, index);
      return { about: 'finding', path: id === undefined ? '/api/v1/findings?limit=1' : `/api/v1/findings/${id}` };
    },
    () => ({ about: 'open findings', path: '/api/v1/findings?state=open&severity=high,critical&limit=100' }),
    () => ({ about: 'orders', path: '/api/v1/orders' }),
  ];
  return (index) => {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) throw new RangeError('no questions');
    return kind(Math.floor(index / kinds.length));
  };
}
