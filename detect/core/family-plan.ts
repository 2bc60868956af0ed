/** Which meters stand behind which: the whole and its parts, from the registry's `parent`. */
import type { Device, Site } from '../../contracts/registry/registry.ts';

export interface FamilyPlan {
  readonly parent: Device;
  /** In the order of the registry; at least one. */
  readonly children: readonly Device[];
}

export function planFamilies(site: Site): readonly FamilyPlan[] {
  const families = new Map<string, { parent: Device; children: Device[] }>();
  for (const child of site.devices.values()) {
    const parent = child.parent === undefined ? undefined : site.devices.get(child.parent);
    if (parent === undefined) continue;
    const family = families.get(parent.id) ?? { parent, children: [] };
    family.children.push(child);
    families.set(parent.id, family);
  }
  return [...families.values()];
}
