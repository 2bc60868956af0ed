/** Every look-alike, sorted by id. */
import type { LookAlikeKind } from '../faults/fault.ts';

export const LOOK_ALIKE_KINDS: readonly LookAlikeKind[] = [];
