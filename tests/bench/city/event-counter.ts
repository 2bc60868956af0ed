/** Counts the events of a live stream in whatever pieces it comes; comments, such as the heartbeat, are none. */
export class EventCounter {
  #rest = '';
  #events = 0;

  get events(): number {
    return this.#events;
  }

  take(piece: string): void {
    const frames = (this.#rest + piece).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) if (/^event: /m.test(frame)) this.#events += 1;
  }
}
