/** The registry in force as a stage on Kafka knows it: none until one was imported, then the newest that can be read. */
import type { ReadinessCheck } from '../../api/deps.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { formatProblem } from '../../contracts/registry/problem.ts';
import { readRegistry, type RegistryText } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';

export interface KnownRegistry {
  readonly follow: (files: readonly RegistryText[]) => void;
  /** @throws UnavailableError where none is known: to take the reports of all sites for unknown would help nobody */
  readonly current: () => Registry;
  readonly check: () => ReadinessCheck;
}

interface RegistryLog {
  error(fields: object, event: string): void;
}

const NONE = 'no registry was imported yet: `stackwarden registry import PATH`';

export function createKnownRegistry(logger: RegistryLog): KnownRegistry {
  let known: Registry | undefined;
  let problem: string | undefined;
  return {
    follow(files) {
      const { registry, problems } = readRegistry(files);
      const [first] = problems;
      problem = first === undefined ? undefined : formatProblem(first);
      if (registry === undefined) logger.error({ problem, problems: problems.length }, 'registry.unreadable');
      else if (registry.version !== known?.version) known = registry;
    },
    current() {
      if (known === undefined) throw new UnavailableError(NONE);
      return known;
    },
    check() {
      if (known === undefined) return { name: 'registry', ok: false, detail: problem ?? NONE };
      const detail = `${known.version}, ${String(known.sites.size)} sites`;
      if (problem === undefined) return { name: 'registry', ok: true, detail };
      return { name: 'registry', ok: false, detail: `still ${detail}; the newest cannot be read: ${problem}` };
    },
  };
}
