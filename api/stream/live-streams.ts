/** Every open live stream of this process: how many there may be, their heartbeat, and whether their keys still hold. */
import type { ServerResponse } from 'node:http';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import type { Authenticator, Caller } from '../caller.ts';
import type { ApiDeps, ApiSettings } from '../deps.ts';
import { STREAM_TYPE } from '../http/accept.ts';
import { Problem } from '../http/problem.ts';
import { ChangeFeed } from './change-feed.ts';
import { visibleBody } from './change-view.ts';
import { formatEventId, type EventId } from './event-id.ts';
import { EventReader, eventFrame, OPENING_FRAME } from './event-reader.ts';

/** Who follows, and what. */
export interface Following {
  readonly caller: Caller;
  /** The header that the caller proved itself with: asked again for as long as the stream is open. */
  readonly authorization: string | undefined;
  readonly types: readonly ChangeEvent['type'][];
}

/** Where a reader begins, and what it is told first. */
interface Begin {
  readonly position: number;
  readonly frame: string;
}

interface OpenStream extends Following {
  readonly reader: EventReader;
}

const HEADERS = {
  'content-type': STREAM_TYPE,
  'cache-control': 'no-store',
  // Proxies must not wait until there is enough to pass on.
  'x-accel-buffering': 'no',
  // Ending the answer must end the connection, or closing the server would wait for it.
  connection: 'close',
};

interface Bounds {
  readonly first: number;
  readonly last: number;
}

function whyNotBehind(id: EventId, set: string | undefined, { first, last }: Bounds): string | undefined {
  if (id.set !== set || id.seq > last) return 'the id is from another data set';
  return id.seq >= first - 1 ? undefined : 'changes after this id are no longer kept';
}

function beginAt(id: EventId | undefined, set: string | undefined, { first, last }: Bounds): Begin {
  const reason = id === undefined ? undefined : whyNotBehind(id, set, { first, last });
  if (id !== undefined && reason === undefined) return { position: id.seq, frame: '' };
  const [type, body] = reason === undefined ? ['ready', { first, last }] : ['reset', { reason, first, last }];
  const frame = eventFrame({ id: formatEventId({ set, seq: last }), type, body: JSON.stringify(body) });
  return { position: last, frame };
}

export class LiveStreams {
  readonly #deps: ApiDeps;
  readonly #settings: ApiSettings;
  readonly #authenticator: Authenticator;
  readonly #feed: ChangeFeed;
  readonly #open = new Set<OpenStream>();
  readonly #timers: readonly NodeJS.Timeout[];
  #isStopped = false;

  constructor(deps: ApiDeps, settings: ApiSettings, authenticator: Authenticator) {
    this.#deps = deps;
    this.#settings = settings;
    this.#authenticator = authenticator;
    const { readModel, onChange } = deps;
    this.#feed = new ChangeFeed({ readModel, onChange, pollMs: settings.changePollMs, onError: this.#report });
    const beat = (): void => {
      for (const { reader } of this.#open) reader.beat();
    };
    const recheck = (): void => {
      for (const stream of this.#open) void this.#recheck(stream);
    };
    this.#timers = [
      setInterval(beat, settings.heartbeatMs).unref(),
      ...(deps.insecure ? [] : [setInterval(recheck, settings.keyTrustMs).unref()]),
    ];
  }

  /** @throws Problem 429 where there are as many streams as there may be */
  admit({ id }: Caller): void {
    const own = [...this.#open].filter(({ caller }) => caller.id === id).length;
    if (this.#open.size < this.#settings.streams && own < this.#settings.streamsPerKey) return;
    throw new Problem('streams-exhausted', {
      detail: { zh: '实时连接已达上限，请先关闭其他连接', en: 'there are too many live streams; close others first' },
      headers: { 'retry-after': '30' },
    });
  }

  /** @param lastId of the last event that the reader has seen */
  async prepare(lastId: EventId | undefined, following: Following): Promise<(response: ServerResponse) => void> {
    await this.#feed.look();
    const { first, last } = await this.#deps.readModel.changeBounds();
    const begin = beginAt(lastId, this.#deps.changeSet, { first, last: Math.max(last, this.#feed.last) });
    return (response) => {
      this.#start(begin, following, response);
    };
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#feed.stop();
    for (const { reader } of this.#open) reader.end();
  }

  #start({ position, frame }: Begin, following: Following, response: ServerResponse): void {
    if (response.destroyed) return;
    response.writeHead(200, HEADERS);
    response.write(OPENING_FRAME + frame);
    const reader = new EventReader({
      response,
      position,
      idOf: this.#idOf,
      feed: this.#feed,
      frame: (change) => this.#frame(change, following),
      behind: this.#settings.streamBehind,
      onError: this.#report,
    });
    const stream = { ...following, reader };
    this.#open.add(stream);
    // Asked for just before the end: it would never be ended again.
    if (this.#isStopped) reader.end();
    response.once('close', () => this.#open.delete(stream));
  }

  #frame(change: ChangeEvent, { caller, types }: Following): string | undefined {
    if (!types.includes(change.type)) return undefined;
    const body = visibleBody(change, this.#deps.registry(), caller);
    return body === undefined ? undefined : eventFrame({ id: this.#idOf(change.seq), type: change.type, body });
  }

  async #recheck({ authorization, reader }: OpenStream): Promise<void> {
    try {
      await this.#authenticator.authenticate(authorization, 'live');
    } catch (error) {
      // Where keys cannot be looked up for a while, those that were good stay good.
      if (error instanceof Problem && error.status === 401) reader.end();
      else this.#report(error);
    }
  }

  readonly #idOf = (seq: number): string => formatEventId({ set: this.#deps.changeSet, seq });

  readonly #report = (error: unknown): void => {
    this.#deps.logger.error({ err: error }, 'api.stream.failed');
  };
}
