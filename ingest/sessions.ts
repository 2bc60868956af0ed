/** The open connections, and whether their credentials still hold. */
import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { DeviceCredential } from '../contracts/ports/credentials.ts';
import type { CredentialCheck } from './credential-check.ts';
import type { Session } from './session.ts';

export class Sessions {
  readonly #bySocket = new Map<unknown, Session>();

  add(socket: Socket, session: Session): void {
    this.#bySocket.set(socket, session);
    socket.once('close', () => this.#bySocket.delete(socket));
  }

  of(client: Client): Session | undefined {
    return this.#bySocket.get(client.conn);
  }

  all(): readonly Session[] {
    return [...this.#bySocket.values()];
  }

  /** Closes those whose credential was revoked or replaced. */
  async closeWithdrawn(check: CredentialCheck): Promise<void> {
    const connected = [...this.#credentials()];
    if (connected.length === 0) return;
    const withdrawn = await check.withdrawn(connected);
    if (withdrawn.size === 0) return;
    for (const session of this.all()) {
      if (withdrawn.has(session.credential?.user ?? '')) session.refuse('revoked');
    }
  }

  *#credentials(): Iterable<DeviceCredential> {
    for (const { credential } of this.#bySocket.values()) if (credential !== undefined) yield credential;
  }
}
