/** The registry that the process works with, and how another one is put into force: through the log. */
import type { Log } from '../contracts/ports/log.ts';
import type { Problem } from '../contracts/registry/problem.ts';
import { readRegistry, type RegistryText } from '../contracts/registry/read-registry.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { ok, rejected, type Result } from '../contracts/result.ts';
import { expectRegistry } from './expect-registry.ts';

const EMPTY: readonly RegistryText[] = [{ name: 'empty.yaml', text: 'version: 1\ndistricts: []\nsites: []\n' }];

export interface RegistryInForce {
  current(): Registry;
  /** Checks, appends to the log, and takes effect; unchanged files are not appended again. */
  import(
    files: readonly RegistryText[],
  ): Promise<Result<{ version: string; warnings: readonly Problem[] }, readonly Problem[]>>;
  /** The log said so: at the start, or another process imported. */
  follow(files: readonly RegistryText[]): void;
}

export function createRegistryInForce(log: Pick<Log, 'append'>, now: () => number): RegistryInForce {
  let registry = expectRegistry(EMPTY);
  return {
    current: () => registry,
    follow(files) {
      const { registry: followed } = readRegistry(files);
      if (followed !== undefined && followed.version !== registry.version) registry = followed;
    },
    async import(files) {
      const { registry: imported, problems, warnings } = readRegistry(files);
      if (imported === undefined || problems.length > 0) return rejected(problems);
      if (imported.version !== registry.version) {
        await log.append([
          { kind: 'registry', received: now(), files: files.map(({ name, text }) => ({ name, text })) },
        ]);
        registry = imported;
      }
      return ok({ version: imported.version, warnings });
    },
  };
}
