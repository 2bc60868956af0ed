/** A client of server-sent events that waits on events, never on time. */
import { request, type IncomingMessage } from 'node:http';

export interface EventFrame {
  /** A number where only one process numbers. */
  readonly id?: number | string;
  readonly event?: string;
  readonly data?: string;
  readonly comment?: string;
  readonly retry?: string;
}

function parseFrame(text: string): EventFrame {
  const field = (name: string): string | undefined => {
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}: `));
    return lines.length === 0 ? undefined : lines.map((line) => line.slice(name.length + 2)).join('\n');
  };
  const id = field('id');
  const event = field('event');
  const data = field('data');
  const comment = field('');
  const retry = field('retry');
  return {
    ...(id !== undefined && { id: /^\d+$/.test(id) ? Number(id) : id }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data }),
    ...(comment !== undefined && { comment }),
    ...(retry !== undefined && { retry }),
  };
}

export class EventClient {
  readonly response: IncomingMessage;
  /** Every frame that has come, `retry` included. */
  readonly frames: EventFrame[] = [];
  readonly closed: Promise<void>;
  #rest = '';
  #taken = 0;
  #waiting: (() => void)[] = [];

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const parts = (this.#rest + chunk).split('\n\n');
      this.#rest = parts.pop() ?? '';
      this.frames.push(...parts.map(parseFrame));
      this.#tell();
    });
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        this.#tell();
        resolve();
      });
    });
    response.on('error', () => undefined);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** The next frame that fits; those before it are skipped. */
  async next(fits: (frame: EventFrame) => boolean = ({ event }) => event !== undefined): Promise<EventFrame> {
    for (;;) {
      while (this.#taken < this.frames.length) {
        const frame = this.frames[this.#taken];
        this.#taken += 1;
        if (frame !== undefined && fits(frame)) return frame;
      }
      if (this.response.destroyed) throw new Error('the stream is closed');
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  close(): void {
    this.response.destroy();
  }

  #tell(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }
}

export async function openEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => resolve(new EventClient(response)));
    sent.once('error', reject);
    sent.end();
  });
}
