/** Readers of the live stream, who count what they are told and whether they are still connected. */
import { request } from 'node:http';
import { EventCounter } from './event-counter.ts';

export interface StreamReader {
  readonly counter: EventCounter;
  /** Why it ended; undefined while it is alive. */
  ended(): string | undefined;
  close(): void;
}

function openReader(page: string, key: string): Promise<StreamReader> {
  const counter = new EventCounter();
  let end: string | undefined;
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}` };
    const sent = request(new URL('/api/v1/events/stream', page), { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        reject(new Error(`the live stream answered ${String(answer.statusCode)}`));
        return;
      }
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => counter.take(piece));
      answer.on('error', (error) => (end ??= error.message));
      answer.once('close', () => (end ??= 'it was closed'));
      resolve({ counter, ended: () => end, close: () => answer.destroy() });
    });
    sent.once('error', (error) => {
      end ??= error.message;
      reject(error);
    });
    sent.end();
  });
}

/** @param keys of those who read, in turn */
export function openReaders(page: string, keys: readonly string[], count: number): Promise<readonly StreamReader[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => openReader(page, keys[index % keys.length] ?? '')));
}
