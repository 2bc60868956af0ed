import { describe, expect, it } from 'vitest';
import { boundaryPlace } from '../core/stream-order.ts';
import { treatmentOff } from '../rules/treatment.off.ts';
import type { Draft } from '../rules/rule.ts';
import { createLedger, draftId, type Ledger, type LedgerEntry } from './ledger.ts';
import { fromStoredEntry, toStoredEntry } from './stored-entry.ts';

function draft(changes: Partial<Draft> = {}): Draft {
  return {
    rule: treatmentOff,
    subject: { line: 'line-1', device: 'm-bag' },
    startAt: 100,
    endAt: null,
    state: 'open',
    detectedAt: 110,
    severity: 'high',
    confidence: 1,
    evidence: {},
    ...changes,
  };
}

function world(): { readonly ledger: Ledger; readonly published: LedgerEntry[] } {
  const published: LedgerEntry[] = [];
  return { ledger: createLedger('plant', (entry) => published.push(entry)), published };
}

const line = ({ draft: { startAt, endAt, state, detectedAt }, revision, withdrawn }: LedgerEntry): unknown[] => [
  startAt,
  endAt,
  withdrawn === null ? state : 'withdrawn',
  revision,
  detectedAt,
];

describe('what was published of findings', () => {
  it('a finding grows under one id; its detection does not move', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.emit(draft({ endAt: 150, state: 'closed', detectedAt: 150 }), boundaryPlace(150), false);
    expect(published.map(line)).toEqual([
      [100, null, 'open', 1, 110],
      [100, 150, 'closed', 2, 110],
    ]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  });

  it('a second run that sees the same publishes nothing', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.emit(draft({ endAt: 150, state: 'closed' }), boundaryPlace(150), false);
    ledger.beginRerun([]);
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.emit(draft({ endAt: 150, state: 'closed' }), boundaryPlace(150), false);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    expect(published).toHaveLength(2);
  });

  it('what the second run does not see is withdrawn with the cause', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.beginRerun([]);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    expect(published.at(-1)).toMatchObject({ revision: 2, withdrawn: { cause: 'late-data' } });
    expect(ledger.openEntries()).toEqual([]);
  });

  it('a moved start withdraws the old id and names its successor', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.beginRerun([]);
    ledger.emit(draft({ startAt: 90 }), boundaryPlace(105), false);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    const successor = draftId(draft({ startAt: 90 }), 'plant');
    expect(published.find(({ withdrawn }) => withdrawn !== null)?.withdrawn).toEqual({ cause: 'late-data', successor });
    expect(ledger.openEntries().map(({ id }) => id)).toEqual([successor]);
  });

  it('what first stood before the snapshot is left alone', () => {
    const { ledger, published } = world();
    ledger.emit(draft({ endAt: 120, state: 'closed' }), boundaryPlace(110), false);
    ledger.beginRerun([]);
    ledger.endRerun(boundaryPlace(115), 'late-data');
    expect(published).toHaveLength(1);
  });

  it('what stood open at the snapshot and ends otherwise is a new revision', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    const open = ledger.openEntries();
    ledger.emit(draft({ endAt: 150, state: 'closed' }), boundaryPlace(150), false);
    ledger.beginRerun(open);
    ledger.emit(draft({ endAt: 130, state: 'closed' }), boundaryPlace(130), false);
    ledger.endRerun(boundaryPlace(115), 'late-data');
    expect(published.map(line).at(-1)).toEqual([100, 130, 'closed', 3, 110]);
  });

  it('a snapshot taken in a second run holds what is open there, not what the first run saw later', () => {
    const { ledger } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.beginRerun([]);
    expect(ledger.openEntries()).toEqual([]);
    ledger.emit(draft({ startAt: 90 }), boundaryPlace(105), false);
    expect(ledger.openEntries().map(({ draft: { startAt } }) => startAt)).toEqual([90]);
  });

  it('facts about arrival are not rewound', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), true);
    ledger.beginRerun([]);
    ledger.emit(draft({ startAt: 105 }), boundaryPlace(120), true);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    expect(published.map(({ withdrawn }) => withdrawn)).toEqual([null, null]);
  });

  it('a withdrawn finding that is seen again stands again', () => {
    const { ledger, published } = world();
    ledger.emit(draft(), boundaryPlace(110), false);
    ledger.beginRerun([]);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    ledger.beginRerun([]);
    ledger.emit(draft({ detectedAt: 111 }), boundaryPlace(111), false);
    ledger.endRerun(boundaryPlace(0), 'late-data');
    expect(published.map(line).at(-1)).toEqual([100, null, 'open', 3, 111]);
  });

  it('forgets what is settled and old, never what is open', () => {
    const { ledger } = world();
    ledger.emit(draft({ endAt: 120, state: 'closed' }), boundaryPlace(110), false);
    ledger.emit(draft({ startAt: 90 }), boundaryPlace(110), false);
    ledger.prune(500);
    expect(ledger.entries().map(({ draft: { startAt } }) => startAt)).toEqual([90]);
  });

  it('survives being put away as text', () => {
    const { ledger } = world();
    ledger.emit(draft({ evidence: { minutes: 12 } }), boundaryPlace(110), false);
    const stored = JSON.stringify(ledger.entries().map(toStoredEntry));
    const back = world().ledger;
    back.restore((JSON.parse(stored) as ReturnType<typeof toStoredEntry>[]).map(fromStoredEntry));
    expect(back.entries()).toEqual(ledger.entries());
  });
});
