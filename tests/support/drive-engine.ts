/** The engine driven by hand, so that a test may stop it, save it and go on with another one. */
import type { LogRecord } from '../../contracts/log-record.ts';
import { createEngine, type Engine } from '../../detect/core/engine.ts';
import type { FindingNote } from '../../detect/core/outputs.ts';
import type { RewindRequest } from '../../detect/core/rewind.ts';

export interface DrivenEngine {
  take(record: LogRecord): void;
  /** The engine is thrown away; a new one goes on from what it saved. */
  restart(site: string): void;
  /** Everything that stands at the end, as the entries of the ledger. */
  finish(): readonly FindingNote[];
}

export function driveEngine(): DrivenEngine {
  let engine: Engine = createEngine();
  const log: LogRecord[] = [];
  const snapshots = new Map<string, string>();
  const findings = new Map<string, FindingNote>();

  const collect = (): void => {
    const outputs = engine.collect();
    for (const note of outputs.findings) findings.set(note.entry.id, note);
    for (const [key, text] of outputs.snapshots) {
      if (text === null) snapshots.delete(key);
      else snapshots.set(key, text);
    }
  };
  const runRewinds = (next: () => RewindRequest | undefined): void => {
    for (let request = next(); request !== undefined; request = next()) {
      collect();
      const { base, site } = request;
      const records = log.filter(
        (record) => record.kind === 'report' && record.site === site && record.offset >= base.offset,
      );
      engine.rewind(request, base.key === '' ? undefined : snapshots.get(base.key), records);
    }
  };
  return {
    take(record) {
      runRewinds(() => engine.due(record.received));
      log.push(record);
      engine.take(record);
    },
    restart(site) {
      collect();
      const shared = engine.saveShared();
      const text = engine.save(site);
      engine = createEngine();
      engine.load(shared, [{ site, text }]);
    },
    finish() {
      engine.finish();
      runRewinds(() => engine.dueNow());
      engine.finish();
      collect();
      return [...findings.values()];
    },
  };
}
