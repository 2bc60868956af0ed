/**
 * The report records of a replay by site, for rewinds: the newest in memory, older ones in a temporary file, those
 * that no rewind can reach any more forgotten.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '../../contracts/log-record.ts';

/** Characters of one site that are kept in memory before they go to the file. */
const MEMORY_CHARACTERS = 128 * 1024;

interface Chunk {
  readonly position: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

interface Entry {
  readonly offset: number;
  readonly received: number;
  readonly device: string;
  readonly body: string;
}

interface SiteEntries {
  recent: Entry[];
  characters: number;
  chunks: Chunk[];
}

export interface SiteHistory {
  add(site: string, entry: Entry): void;
  /** Records of the site from an offset on, in order. */
  read(site: string, fromOffset: number): readonly LogRecord[];
  /** Forgets what lies wholly before the offset. */
  forget(site: string, beforeOffset: number): void;
  close(): void;
}

function toRecord(site: string, entry: Entry): LogRecord {
  return { kind: 'report', site, ...entry };
}

/** A file without a name worth knowing: made at the first spill, removed at the end. */
function createSpill(): { write(text: string): { position: number; bytes: number }; read(chunk: Chunk): string; close(): void } {
  let folder: string | undefined;
  let file = -1;
  let end = 0;
  return {
    write(text) {
      if (folder === undefined) {
        folder = mkdtempSync(join(tmpdir(), 'stackwarden-replay-'));
        file = openSync(join(folder, 'history'), 'w+', 0o600);
      }
      const position = end;
      const buffer = Buffer.from(text, 'utf8');
      for (let done = 0; done < buffer.length; ) done += writeSync(file, buffer, done, buffer.length - done, position + done);
      end += buffer.length;
      return { position, bytes: buffer.length };
    },
    read(chunk) {
      const buffer = Buffer.alloc(chunk.bytes);
      for (let done = 0; done < chunk.bytes; ) {
        const count = readSync(file, buffer, done, chunk.bytes - done, chunk.position + done);
        if (count === 0) throw new RangeError('the temporary file of the replay ends too early');
        done += count;
      }
      return buffer.toString('utf8');
    },
    close() {
      if (folder === undefined) return;
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function createSiteHistory(): SiteHistory {
  const sites = new Map<string, SiteEntries>();
  const spill = createSpill();

  const spillRecent = (entries: SiteEntries): void => {
    const first = entries.recent[0];
    const last = entries.recent.at(-1);
    if (first === undefined || last === undefined) return;
    const place = spill.write(JSON.stringify(entries.recent));
    entries.chunks.push({ ...place, first: first.offset, last: last.offset });
    entries.recent = [];
    entries.characters = 0;
  };
  return {
    add(site, entry) {
      let entries = sites.get(site);
      if (entries === undefined) {
        entries = { recent: [], characters: 0, chunks: [] };
        sites.set(site, entries);
      }
      entries.recent.push(entry);
      entries.characters += entry.body.length;
      if (entries.characters > MEMORY_CHARACTERS) spillRecent(entries);
    },
    read(site, fromOffset) {
      const entries = sites.get(site);
      if (entries === undefined) return [];
      const records: LogRecord[] = [];
      for (const chunk of entries.chunks) {
        if (chunk.last < fromOffset) continue;
        for (const entry of JSON.parse(spill.read(chunk)) as Entry[]) if (entry.offset >= fromOffset) records.push(toRecord(site, entry));
      }
      for (const entry of entries.recent) if (entry.offset >= fromOffset) records.push(toRecord(site, entry));
      return records;
    },
    forget(site, beforeOffset) {
      const entries = sites.get(site);
      if (entries !== undefined) entries.chunks = entries.chunks.filter((chunk) => chunk.last >= beforeOffset);
    },
    close: () => {
      spill.close();
    },
  };
}
