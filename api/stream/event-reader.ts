/**
 * One reader of the live stream. It takes changes at its own pace from where it stands: nothing is queued for it
 * beyond what its socket holds, so a slow one costs nobody anything. One that stays too far behind, or reads nothing
 * between two heartbeats, is closed; it comes back with the id of the last event it saw and misses nothing.
 */
import type { ServerResponse } from 'node:http';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import type { ChangeFeed } from './change-feed.ts';

export interface EventReaderOptions {
  readonly response: ServerResponse;
  readonly feed: ChangeFeed;
  /** The reader has seen everything up to this `seq`. */
  readonly position: number;
  /** The text of the event as this reader may see it; undefined where it may not, or does not want to. */
  readonly frame: (change: ChangeEvent) => string | undefined;
  readonly behind: number;
  readonly onError: (error: unknown) => void;
}

export interface EventReader {
  /** Called at every heartbeat: says that we live, and ends a reader that does not read. */
  beat(): void;
  end(): void;
}

const RETRY_MS = 3_000;

/** One event as text (WHATWG server-sent events). JSON has no line breaks of its own. */
export function eventFrame(event: { readonly id: number; readonly type: string; readonly body: string }): string {
  const lines = event.body.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${event.id}\nevent: ${event.type}\n${lines.join('')}\n`;
}

export const openingFrame = (): string => `retry: ${RETRY_MS}\n\n`;

/** Begins to send; ends by itself when the connection does. */
export function startEventReader(options: EventReaderOptions): EventReader {
  const { response, feed, frame, behind, onError } = options;
  let { position } = options;
  let isPumping = false;
  let isWoken = false;
  let isBlocked = false;
  let wasBlocked = false;

  const isGone = (): boolean => response.destroyed || response.writableEnded;
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.once('drain', done);
      response.once('close', done);
    });
  const write = async (text: string): Promise<void> => {
    if (response.write(text)) return;
    isBlocked = true;
    await drained();
    isBlocked = false;
    wasBlocked = false;
  };
  const pumpOnce = async (): Promise<void> => {
    for (;;) {
      const changes = await feed.after(position);
      if (changes.length === 0) return;
      for (const change of changes) {
        if (isGone()) return;
        const text = frame(change);
        if (text !== undefined) await write(text);
        position = change.seq;
      }
    }
  };
  const pump = async (): Promise<void> => {
    isPumping = true;
    try {
      do {
        isWoken = false;
        await pumpOnce();
      } while (isWoken && !isGone());
    } catch (error) {
      onError(error);
      response.destroy();
    } finally {
      isPumping = false;
    }
  };
  const wake = (): void => {
    isWoken = true;
    if (isGone()) return;
    if (isBlocked && feed.last() - position > behind) response.destroy();
    else if (!isPumping) void pump();
  };

  const leave = feed.follow(wake);
  response.once('close', leave);
  wake();
  return {
    beat: () => {
      if (isGone()) return;
      if (isBlocked && wasBlocked) response.destroy();
      else if (isBlocked) wasBlocked = true;
      // The id alone is no event: it tells a reader that wants few of the changes how far it has come.
      else response.write(`: alive\nid: ${position}\n\n`);
    },
    end: () => {
      if (isBlocked) response.destroy();
      else response.end();
    },
  };
}
