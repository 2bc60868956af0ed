import type { Transferable, Worker } from 'node:worker_threads';
import { UnavailableError } from '../../contracts/errors.ts';
import { fromPlainError, type PlainError } from './error-transfer.ts';

/** What every thread of this folder says: that it serves, what it answers, why it ends. */
export type ThreadAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly error: PlainError }
  | { readonly type: 'failed'; readonly error: PlainError };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const READY = 0;

/** Questions to a thread and its answers, until it ends; then everything that waits hears so. */
export class ThreadCalls<Question, Heard extends { readonly type: string }> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #pending = new Map<number, Pending>();
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<Error | undefined>;
  #lastId = READY;
  #closing = false;
  #failure: Error | undefined;

  /**
   * @param name for messages: "The store has ended: …"
   * @param hear is given what is no answer
   */
  constructor(worker: Worker, name: string, hear: (message: Heard) => void) {
    this.#worker = worker;
    this.#name = name;
    this.#ready = this.#expect(READY);
    worker.on('message', (message: ThreadAnswer | Heard) => {
      if (!this.#receive(message)) hear(message as Heard);
    });
    worker.on('error', (error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#abandon();
        resolve(this.#failure);
      });
    });
  }

  /** Resolves when the thread serves; rejects with the error that kept it from serving. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Resolves when the thread has ended: with the error that ended it, or nothing where it was closed. */
  ended(): Promise<Error | undefined> {
    return this.#ended;
  }

  /** @param make puts the question's number into it */
  call(make: (id: number) => Question, transfer: readonly Transferable[] = []): Promise<unknown> {
    if (!this.isOpen) return Promise.reject(this.gone());
    this.#lastId += 1;
    const answer = this.#expect(this.#lastId);
    this.#worker.postMessage(make(this.#lastId), transfer);
    return answer;
  }

  /** Says something that has no answer. */
  say(message: Question): void {
    if (this.isOpen) this.#worker.postMessage(message);
  }

  get isOpen(): boolean {
    return this.#failure === undefined && !this.#closing;
  }

  /** Says the last word; resolves when the thread has ended on it. */
  async close(message: Question): Promise<void> {
    this.say(message);
    this.#closing = true;
    const failure = await this.#ended;
    if (failure !== undefined) throw failure;
  }

  gone(): UnavailableError {
    const why = this.#failure === undefined ? 'it was closed' : this.#failure.message;
    return new UnavailableError(`The ${this.#name} has ended: ${why}`, { cause: this.#failure });
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** False where the message is none of the answers. */
  #receive(message: { readonly type: string }): boolean {
    const answer = message as ThreadAnswer;
    switch (answer.type) {
      case 'ready':
        this.#settle(READY)?.resolve(undefined);
        return true;
      case 'answer':
        this.#settle(answer.id)?.resolve(answer.value);
        return true;
      case 'refused':
        this.#settle(answer.id)?.reject(fromPlainError(answer.error));
        return true;
      case 'failed':
        this.#failure ??= fromPlainError(answer.error);
        return true;
      default:
        return false;
    }
  }

  /** Who started the thread gets the error itself; whoever else waits, that there is no one to answer. */
  #abandon(): void {
    if (!this.#closing) this.#failure ??= new Error(`the ${this.#name} thread ended without a word`);
    this.#settle(READY)?.reject(this.#failure ?? this.gone());
    for (const { reject } of this.#pending.values()) reject(this.gone());
    this.#pending.clear();
  }
}
