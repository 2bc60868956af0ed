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
  /** The id of a change, as events carry it. */
  readonly idOf: (seq: number) => string;
  /** The text of the event as this reader may see it; undefined where it may not, or does not want to. */
  readonly frame: (change: ChangeEvent) => string | undefined;
  /** Changes that a reader who does not read may be behind. */
  readonly behind: number;
  readonly onError: (error: unknown) => void;
}

const RETRY_MS = 3_000;

/** First of all: after which time a browser shall come back. */
export const OPENING_FRAME = `retry: ${RETRY_MS}\n\n`;

/** One event as text (WHATWG server-sent events). */
export function eventFrame(event: { readonly id: string; readonly type: string; readonly body: string }): string {
  const lines = event.body.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${event.id}\nevent: ${event.type}\n${lines.join('')}\n`;
}

/** Resolves when the socket takes more, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

export class EventReader {
  readonly #options: EventReaderOptions;
  #position: number;
  #isPumping = false;
  #isWoken = false;
  #isBlocked = false;
  #wasBlocked = false;

  /** Begins to send; ends by itself when the connection does. */
  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#position = options.position;
    const leave = options.feed.follow(() => {
      this.#wake();
    });
    options.response.once('close', leave);
    this.#wake();
  }

  /** Called at every heartbeat: says that we live, and ends a reader that does not read. */
  beat(): void {
    const { response, idOf } = this.#options;
    if (this.#isGone) return;
    if (this.#isBlocked && this.#wasBlocked) response.destroy();
    else if (this.#isBlocked) this.#wasBlocked = true;
    // The id alone is no event: it tells a reader that wants few of the changes how far it has come.
    else response.write(`: alive\nid: ${idOf(this.#position)}\n\n`);
  }

  end(): void {
    const { response } = this.#options;
    if (this.#isBlocked) response.destroy();
    else response.end();
  }

  get #isGone(): boolean {
    const { response } = this.#options;
    return response.destroyed || response.writableEnded;
  }

  #wake(): void {
    const { feed, behind, response } = this.#options;
    this.#isWoken = true;
    if (this.#isGone) return;
    if (this.#isBlocked && feed.last - this.#position > behind) response.destroy();
    else if (!this.#isPumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    const { response, onError } = this.#options;
    this.#isPumping = true;
    try {
      do {
        this.#isWoken = false;
        await this.#catchUp();
      } while (this.#isWoken && !this.#isGone);
    } catch (error) {
      onError(error);
      response.destroy();
    } finally {
      this.#isPumping = false;
    }
  }

  async #catchUp(): Promise<void> {
    const { feed, frame } = this.#options;
    for (;;) {
      const changes = await feed.after(this.#position);
      if (changes.length === 0) return;
      for (const change of changes) {
        if (this.#isGone) return;
        const text = frame(change);
        if (text !== undefined) await this.#write(text);
        this.#position = change.seq;
      }
    }
  }

  async #write(text: string): Promise<void> {
    const { response } = this.#options;
    if (response.write(text)) return;
    this.#isBlocked = true;
    await drained(response);
    this.#isBlocked = false;
    this.#wasBlocked = false;
  }
}
