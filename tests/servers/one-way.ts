/** One direction of a connection through the proxy: in order, late where that is asked for, or into nothing. */
import type { Socket } from 'node:net';

/** What the network is like; `delayMs` holds for each direction. */
export type Weather =
  | { readonly kind: 'forwarding'; readonly delayMs: number }
  | { readonly kind: 'refusing' }
  | { readonly kind: 'hanging' };

/** What may be under way in one direction; then the sender is not read, as on a line that is full. */
const MAX_UNDER_WAY_BYTES = 16 * 1_048_576;

/** A piece of the stream; without bytes its end. */
interface Piece {
  readonly dueAtMs: number;
  readonly bytes: Buffer | undefined;
}

export class OneWay {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: () => Weather;
  #underWay: Piece[] = [];
  #bytesUnderWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasLost = false;

  constructor(from: Socket, to: Socket, weather: () => Weather) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    from.on('data', (bytes) => {
      this.#take(bytes);
    });
    from.on('end', () => {
      this.#take(undefined);
    });
    to.on('drain', () => {
      this.#deliver();
    });
  }

  /** Whether something was swallowed: what would come later does not belong to what came before. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** The end of the connection itself was swallowed. */
  loseEnd(): void {
    this.#hasLost = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#underWay = [];
    this.#bytesUnderWay = 0;
  }

  #take(bytes: Buffer | undefined): void {
    const weather = this.#weather();
    const dueAtMs = performance.now() + (weather.kind === 'forwarding' ? weather.delayMs : 0);
    // A shorter delay than before does not let a piece overtake.
    const lastDueAtMs = this.#underWay.at(-1)?.dueAtMs ?? 0;
    this.#underWay.push({ dueAtMs: Math.max(dueAtMs, lastDueAtMs), bytes });
    this.#bytesUnderWay += bytes?.length ?? 0;
    if (this.#bytesUnderWay > MAX_UNDER_WAY_BYTES) this.#from.pause();
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    for (let [piece] = this.#underWay; piece !== undefined; [piece] = this.#underWay) {
      if (this.#weather().kind === 'hanging') this.#hasLost = true;
      else if (this.#mustWait(piece)) break;
      else this.#pass(piece.bytes);
      this.#underWay.shift();
      this.#bytesUnderWay -= piece.bytes?.length ?? 0;
    }
    if (this.#bytesUnderWay <= MAX_UNDER_WAY_BYTES) this.#from.resume();
  }

  /** For its time, or for the receiver to take what it has; either calls again. */
  #mustWait({ dueAtMs }: Piece): boolean {
    if (this.#to.writableNeedDrain) return true;
    const waitMs = dueAtMs - performance.now();
    if (waitMs <= 0) return false;
    this.#timer = setTimeout(() => {
      this.#deliver();
    }, Math.ceil(waitMs));
    return true;
  }

  #pass(bytes: Buffer | undefined): void {
    if (this.#to.destroyed) return;
    if (bytes === undefined) this.#to.end();
    else this.#to.write(bytes);
  }
}
