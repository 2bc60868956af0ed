/** Device credentials in memory, passwords in the clear; counts how often a password was verified. */
import type { Credentials, DeviceCredential } from '../../contracts/ports/credentials.ts';

type DeviceCredentials = Pick<Credentials, 'verifyDevice' | 'findDevice' | 'listDevices'>;

export class MemoryCredentials implements DeviceCredentials {
  verifications = 0;
  /** Verifications that were under way at one time, at most. */
  atOnce = 0;
  #underWay = 0;
  #createdAt = 1;
  readonly #entries: { credential: DeviceCredential; readonly password: string }[] = [];

  add(user: string, password: string, grants: readonly string[] = [user]): void {
    this.revoke(user);
    this.#entries.push({ credential: { user, grants, createdAt: this.#createdAt++ }, password });
  }

  revoke(user: string): void {
    for (const entry of this.#entries) {
      const { credential } = entry;
      if (credential.user === user && credential.revokedAt === undefined) {
        entry.credential = { ...credential, revokedAt: this.#createdAt };
      }
    }
  }

  async verifyDevice(user: string, password: string): Promise<DeviceCredential | undefined> {
    this.verifications += 1;
    this.#underWay += 1;
    this.atOnce = Math.max(this.atOnce, this.#underWay);
    await new Promise(setImmediate);
    this.#underWay -= 1;
    return this.#valid(user, (entry) => entry.password === password);
  }

  findDevice(user: string): Promise<DeviceCredential | undefined> {
    return Promise.resolve(this.#valid(user, () => true));
  }

  listDevices(): Promise<readonly DeviceCredential[]> {
    return Promise.resolve(this.#entries.map(({ credential }) => credential));
  }

  #valid(user: string, fits: (entry: { readonly password: string }) => boolean): DeviceCredential | undefined {
    const entry = this.#entries.find(
      (one) => one.credential.user === user && one.credential.revokedAt === undefined && fits(one),
    );
    return entry?.credential;
  }
}
