/** Which devices speak of a line's production besides its meters, and which other lines they see as well. */
import type { SignKind } from './line-words.ts';
import type { BoundLine } from './bound-parts.ts';

const KINDS: Readonly<Record<string, SignKind | undefined>> = { cems: 'stack', camera: 'camera', gate: 'gate' };

/** Fills in the sources of every line, once all lines are bound. */
export function bindSources(lines: readonly BoundLine[], kindOf: (device: string) => string | undefined): void {
  for (const line of lines) {
    // Without production meters there is nothing that a sign could stand against.
    if (line.plan.productionCount === 0) continue;
    for (const member of line.signs) {
      const kind = KINDS[kindOf(member.id) ?? ''];
      if (kind === undefined) continue;
      line.sources.push({
        device: member.id,
        kind,
        member,
        words: (line.state.watch.words[member.id] ??= []),
        others: lines.filter((other) => other !== line && other.signs.some(({ id }) => id === member.id)),
      });
    }
  }
}
