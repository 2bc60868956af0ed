/** The dashboards as they are provisioned. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const GRAFANA = join(import.meta.dirname, '../../deploy/grafana');
const FOLDER = join(GRAFANA, 'dashboards');

interface Source {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly datasource: Source;
  /** PromQL. */
  readonly expr?: string;
  /** Flux. */
  readonly query?: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: Source;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly Target[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: { readonly query: string } }[];
  };
}

/** By the name of their file. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Dashboard]));
}
