/**
 * Messages of one connection between their arrival and their acknowledgement: handled side by side, acknowledged in the
 * order in which they came, as MQTT has it.
 */
export interface AckWindowOptions {
  /** True when it is durable; false: it has to come again. */
  readonly deliver: (topic: string, payload: Buffer) => Promise<boolean>;
  readonly acknowledge: (messageId: number) => void;
  /** A message was not made durable. */
  readonly refused: () => void;
}

interface Pending {
  readonly messageId: number;
  isDurable: boolean;
}

export class AckWindow {
  readonly #options: AckWindowOptions;
  readonly #pending: Pending[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: AckWindowOptions) {
    this.#options = options;
  }

  /** @param messageId undefined: it asks for no acknowledgement */
  take(topic: string, payload: Buffer, messageId: number | undefined): void {
    const pending = messageId === undefined ? undefined : { messageId, isDurable: false };
    if (pending !== undefined) this.#pending.push(pending);
    const work = this.#deliver(topic, payload, pending);
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Acknowledges nothing more: what belongs to a connection that is gone comes again on the next one. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #deliver(topic: string, payload: Buffer, pending: Pending | undefined): Promise<void> {
    const isDurable = await this.#options.deliver(topic, payload);
    if (this.#isClosed || pending === undefined) return;
    if (!isDurable) {
      this.#isClosed = true;
      this.#options.refused();
      return;
    }
    pending.isDurable = true;
    while (this.#pending[0]?.isDurable === true) {
      const { messageId } = this.#pending.shift() as Pending;
      this.#options.acknowledge(messageId);
    }
  }
}
