/** Credentials in memory; secrets are their own hashes. */
import type { ApiKey, Credentials, DeviceCredential, Role } from '../../contracts/ports/credentials.ts';

export class FakeCredentials implements Credentials {
  readonly keys = new Map<string, ApiKey>();
  readonly devices = new Map<string, DeviceCredential>();
  /** How often a key had to be verified. */
  verifications = 0;
  /** Thrown by `verifyKey` while it is set. */
  failure: Error | undefined;
  #made = 0;

  async addDevice(user: string, grants: readonly string[]): ReturnType<Credentials['addDevice']> {
    const credential: DeviceCredential = { user, grants, createdAt: 0 };
    this.devices.set(user, credential);
    return { credential, password: `password-of-${user}` };
  }

  async listDevices(): Promise<readonly DeviceCredential[]> {
    return [...this.devices.values()];
  }

  async revokeDevice(user: string): Promise<boolean> {
    return this.devices.delete(user);
  }

  async verifyDevice(user: string): Promise<DeviceCredential | undefined> {
    return this.devices.get(user);
  }

  async findDevice(user: string): Promise<DeviceCredential | undefined> {
    return this.devices.get(user);
  }

  /** A key whose secret is known beforehand. */
  put(secret: string, role: Role, districts?: readonly string[]): void {
    const key: ApiKey = { id: `k-${secret}`, name: secret, role, createdAt: 0 };
    this.keys.set(secret, districts === undefined ? key : { ...key, districts });
  }

  async addKey(name: string, role: Role, districts?: readonly string[]): ReturnType<Credentials['addKey']> {
    this.#made += 1;
    const secret = `made-${this.#made}-${name}`;
    this.put(secret, role, districts);
    const key: ApiKey = { ...(this.keys.get(secret) as ApiKey), name };
    this.keys.set(secret, key);
    return { key, secret };
  }

  async listKeys(): Promise<readonly ApiKey[]> {
    return [...this.keys.values()];
  }

  async revokeKey(id: string): Promise<boolean> {
    for (const [secret, key] of this.keys) {
      if (key.id === id) return this.keys.delete(secret);
    }
    return false;
  }

  async verifyKey(secret: string): Promise<ApiKey | undefined> {
    this.verifications += 1;
    if (this.failure !== undefined) throw this.failure;
    return this.keys.get(secret);
  }
}
