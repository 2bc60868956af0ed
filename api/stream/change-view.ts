/** What of a change a caller may see in the live stream: the same as through the resources, in the same form. */
import type { DeadLetter, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { seesDistrict, type Caller } from '../caller.ts';
import { seesOrder } from '../order-reach.ts';
import { CHANGE_ROUTES, PERMISSIONS } from '../permissions.ts';
import { deadLetterView, seesDeadLetter } from '../resources/dead-letter-view.ts';
import { markView } from '../resources/mark-view.ts';
import { orderView } from '../resources/order-view.ts';
import { seesSite } from '../visible-sites.ts';

function mayRead(type: ChangeEvent['type'], { role }: Caller): boolean {
  return role !== undefined && PERMISSIONS[CHANGE_ROUTES[type]]?.roles.includes(role) === true;
}

function seesFinding({ district, site }: ChangeEvent, registry: Registry, caller: Caller): boolean {
  return district === null ? seesSite(registry, site ?? undefined, caller) : seesDistrict(caller, district);
}

/** The body of a change as the caller may see it; undefined where it may not. */
export function visibleBody(change: ChangeEvent, registry: Registry, caller: Caller): string | undefined {
  if (!mayRead(change.type, caller)) return undefined;
  switch (change.type) {
    case 'finding':
      return seesFinding(change, registry, caller) ? change.body : undefined;
    case 'order': {
      const stored = JSON.parse(change.body) as StoredOrder;
      if (!seesOrder(stored.order, registry, caller)) return undefined;
      return JSON.stringify(orderView({ ...stored, source: 'api' }, registry, caller));
    }
    case 'mark': {
      const stored = JSON.parse(change.body) as StoredMark;
      return seesSite(registry, stored.mark.site, caller) ? JSON.stringify(markView(stored, registry.time)) : undefined;
    }
    case 'dead-letter': {
      const letter = JSON.parse(change.body) as DeadLetter;
      return seesDeadLetter(letter, registry, caller)
        ? JSON.stringify(deadLetterView(letter, registry.time))
        : undefined;
    }
    case 'registry':
      // That it changed is for everyone, what stands in it is not.
      return JSON.stringify({ version: registry.version });
  }
}
