import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../backends/sqlite/folder-lock.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { gone, startChild } from './child.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describe('the lock of a data folder', () => {
  let place: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    place = temporaryFolder();
  });
  afterEach(() => {
    place.remove();
  });

  it('keeps everyone else out until it is released, in this process too', () => {
    const lock = lockFolder(place.folder);
    expect(() => lockFolder(place.folder)).toThrow(UnavailableError);
    lock.release();
    lock.release();
    lockFolder(place.folder).release();
  });

  it('names the process that holds it, and ends with that process however it dies', async () => {
    const { child, lines } = startChild('locking-child.ts', place.folder);
    for await (const line of lines) if (line === 'locked') break;
    expect(() => lockFolder(place.folder)).toThrow(`in use by process ${child.pid ?? 0}`);
    child.kill('SIGKILL');
    await gone(child);
    lockFolder(place.folder).release();
  });

  it('creates the folder', () => {
    lockFolder(`${place.folder}/new/data`).release();
  });
});
