import { describe, expect, it } from 'vitest';
import { EventCounter } from './event-counter.ts';

const STREAM =
  'retry: 3000\n\nid: 4\nevent: ready\ndata: {}\n\n: 4\n\nid: 5\nevent: finding\ndata: {"id":"f"}\n\nid: 6\nev';

describe('events of a live stream', () => {
  it.each([1, 7, STREAM.length])('are counted in pieces of %i', (length) => {
    const counter = new EventCounter();
    for (let at = 0; at < STREAM.length; at += length) counter.take(STREAM.slice(at, at + length));
    expect(counter.events).toBe(2);
    counter.take('ent: mark\ndata: {}\n\n');
    expect(counter.events).toBe(3);
  });
});
