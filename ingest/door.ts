/** How many connections come in, and how fast: decided before a byte is read or a TLS key is used. */
import type { Limits } from './limits.ts';
import type { RefusalReason } from './metrics.ts';
import { TokenBucket } from './token-bucket.ts';

export type DoorLimits = Pick<Limits, 'connections' | 'connectionsPerAddress' | 'connectionsPerSecond'>;

export class Door {
  readonly #limits: DoorLimits;
  readonly #rate: TokenBucket;
  readonly #byAddress = new Map<string, number>();
  #inside = 0;

  constructor(limits: DoorLimits, monotonic: () => number) {
    this.#limits = limits;
    this.#rate = new TokenBucket(limits.connectionsPerSecond, limits.connectionsPerSecond * 2, monotonic);
  }

  /** Why this connection may not come in; where it may, {@link leave} must follow. */
  enter(address: string): RefusalReason | undefined {
    const { connections, connectionsPerAddress } = this.#limits;
    const same = this.#byAddress.get(address) ?? 0;
    if (this.#inside >= connections) return 'connection-limit';
    if (connectionsPerAddress > 0 && same >= connectionsPerAddress) return 'connection-limit';
    if (!this.#rate.tryTake()) return 'connection-rate';
    this.#inside += 1;
    this.#byAddress.set(address, same + 1);
    return undefined;
  }

  leave(address: string): void {
    this.#inside -= 1;
    const same = (this.#byAddress.get(address) ?? 1) - 1;
    if (same === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, same);
  }
}
