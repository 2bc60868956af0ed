import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../core/engine.ts';
import { createRunning, type Running } from './running-detector.ts';
import { sitesToSave } from './to-commit.ts';

const SAVE_AFTER = 20;

/** A detector of which only the changed sites matter, as the engine and the slices make them. */
function beginWith(dirty: Map<string, number>): Running {
  return createRunning({ ...createEngine(), dirty: () => dirty });
}

/** Reports of a slice change their sites, each at its offset, one site after the other. */
function change(running: Running, dirty: Map<string, number>, sites: readonly number[]): void {
  for (const [index, site] of [...sites.entries()].toSorted((a, b) => a[1] - b[1])) {
    const id = `s${site}`;
    if (!running.savedAt.has(id)) running.hasUnsaved = true;
    if (!dirty.has(id)) dirty.set(id, running.next + index);
  }
  running.next += sites.length;
}

function save(running: Running, dirty: Map<string, number>, sites: readonly string[]): void {
  for (const site of sites) {
    dirty.delete(site);
    running.savedAt.set(site, running.next);
  }
}

/** What is due, by going through every changed site. */
function dueOf({ savedAt, next }: Running, dirty: ReadonlyMap<string, number>): readonly string[] {
  return [...dirty].filter(([site, since]) => !savedAt.has(site) || next - since >= SAVE_AFTER).map(([site]) => site);
}

describe('the sites to save', () => {
  it('are those that going through all of them would give, slice after slice', () => {
    const slices = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(slices, (made) => {
        const dirty = new Map<string, number>();
        const running = beginWith(dirty);
        for (const sites of made) {
          change(running, dirty, sites);
          const due = dueOf(running, dirty);
          const saves = sitesToSave(running, SAVE_AFTER, false);
          expect(saves).toEqual(due);
          save(running, dirty, saves);
        }
      }),
    );
  });

  it('are forty at once, and the others with the next slices', () => {
    const dirty = new Map<string, number>();
    const running = beginWith(dirty);
    change(
      running,
      dirty,
      Array.from({ length: 100 }, (_, index) => index),
    );
    const counts = [1, 2, 3, 4].map(() => {
      const saves = sitesToSave(running, SAVE_AFTER, false);
      save(running, dirty, saves);
      return saves.length;
    });
    expect(counts).toEqual([40, 40, 20, 0]);
  });

  it('are not looked for where none can be due', () => {
    const dirty = new Map([['s1', 0]]);
    const running = beginWith(dirty);
    running.savedAt.set('s1', 0);
    expect(sitesToSave(running, SAVE_AFTER, false)).toEqual([]);
    let looked = 0;
    const quiet: Running = {
      ...running,
      next: SAVE_AFTER - 1,
      engine: { ...running.engine, dirty: () => ((looked += 1), dirty) },
    };
    expect(sitesToSave(quiet, SAVE_AFTER, false)).toEqual([]);
    expect(looked).toBe(0);
    quiet.next = SAVE_AFTER;
    expect(sitesToSave(quiet, SAVE_AFTER, false)).toEqual(['s1']);
  });

  it('are all of them where everything changes', () => {
    const dirty = new Map([
      ['s1', 5],
      ['s2', 6],
    ]);
    const running = beginWith(dirty);
    running.savedAt.set('s1', 0).set('s2', 0);
    running.next = 7;
    running.nextSaveAt = 100;
    running.hasUnsaved = false;
    expect(sitesToSave(running, SAVE_AFTER, true)).toEqual(['s1', 's2']);
  });
});
