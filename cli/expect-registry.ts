/** A registry that has to be right for a command to do anything. */
import { InputError } from '../contracts/errors.ts';
import { formatProblem } from '../contracts/registry/problem.ts';
import { readRegistry, type RegistryText } from '../contracts/registry/read-registry.ts';
import type { Registry } from '../contracts/registry/registry.ts';

/** @throws InputError with every problem and its remedy, one a line */
export function expectRegistry(files: readonly RegistryText[]): Registry {
  const { registry, problems } = readRegistry(files);
  if (registry !== undefined) return registry;
  const lines = problems.map((problem) => formatProblem(problem));
  throw new InputError(`the registry has ${String(problems.length)} problems:\n${lines.join('\n')}`);
}
