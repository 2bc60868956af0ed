/** What the engine holds over all sites. */
import type { Mark, Order } from '../../contracts/order.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { createOutputs, type Outputs } from './outputs.ts';
import { initialEntered, type Entered } from './registry-changes.ts';
import { nextWake } from './site-wake.ts';
import { planSite, type SitePlan } from './site-plan.ts';
import { createRuntime, type Patience, type SiteRuntime } from './site-runtime.ts';
import { createTimerHeap } from './timer-heap.ts';

export interface EngineState {
  readonly patience: Patience;
  registry: Registry | undefined;
  registryFiles: readonly RegistryText[];
  /** Where the files are kept elsewhere, their name. */
  registryDigest: string | undefined;
  entered: Entered;
  orders: readonly Order[];
  marks: readonly Mark[];
  readonly sites: Map<string, SiteRuntime>;
  readonly timers: ReturnType<typeof createTimerHeap>;
  readonly dirty: Map<string, number>;
  readonly outputs: Outputs;
  clock: number;
  offset: number;
}

export function planOf(state: EngineState, site: string): SitePlan | undefined {
  const { registry } = state;
  const found = registry?.sites.get(site);
  return registry === undefined || found === undefined
    ? undefined
    : planSite(found, registry, state.orders, state.marks);
}

/** The site's runtime; undefined where the registry does not know the site. */
export function siteRuntime(state: EngineState, id: string): SiteRuntime | undefined {
  const known = state.sites.get(id);
  if (known !== undefined) return known;
  const plan = planOf(state, id);
  if (plan === undefined || state.registry === undefined) return undefined;
  const runtime = createRuntime({ plan, registry: state.registry, patience: state.patience, outputs: state.outputs });
  state.sites.set(id, runtime);
  return runtime;
}

/** The site changed: it has to be saved again, and may want to be woken at another time. */
export function touch(state: EngineState, runtime: SiteRuntime): void {
  if (!state.dirty.has(runtime.id)) state.dirty.set(runtime.id, state.offset);
  runtime.wakeAt = nextWake(runtime);
  if (runtime.wakeAt !== undefined) state.timers.set(runtime.id, runtime.wakeAt);
}

export function createState(patience: Patience, wantsSamples: boolean): EngineState {
  return {
    patience,
    registry: undefined,
    registryFiles: [],
    registryDigest: undefined,
    entered: initialEntered(),
    orders: [],
    marks: [],
    sites: new Map(),
    timers: createTimerHeap(),
    dirty: new Map(),
    outputs: createOutputs(wantsSamples),
    clock: Number.NEGATIVE_INFINITY,
    offset: 0,
  };
}
