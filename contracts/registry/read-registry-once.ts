/** A registry that several readers are given as the same files: the detectors of all partitions in a process, say. */
import { readRegistry, type ReadRegistry, type RegistryText } from './read-registry.ts';

const read = new WeakMap<readonly RegistryText[], ReadRegistry>();

/** As `readRegistry`; of the same array the same answer, which nobody may change. */
export function readRegistryOnce(files: readonly RegistryText[]): ReadRegistry {
  const known = read.get(files);
  if (known !== undefined) return known;
  const answer = readRegistry(files);
  read.set(files, answer);
  return answer;
}
