/** Who may connect. Secrets are shown once at creation and kept as salted hashes only. */

export const ROLES = ['admin', 'operator', 'watch', 'district', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Only these districts; absent = all. Required for the role `district`. */
  readonly districts?: readonly string[];
  readonly createdAt: number;
  readonly revokedAt?: number;
}

export interface DeviceCredential {
  /** MQTT user name: `{site}/{device}`, or a gateway's own name. */
  readonly user: string;
  /** What it may publish for: `site/device`, or `site/*` for a gateway. */
  readonly grants: readonly string[];
  readonly createdAt: number;
  readonly revokedAt?: number;
}

export interface Credentials {
  addDevice(
    user: string,
    grants: readonly string[],
  ): Promise<{ readonly credential: DeviceCredential; readonly password: string }>;
  listDevices(): Promise<readonly DeviceCredential[]>;
  /** False where there was none to revoke. */
  revokeDevice(user: string): Promise<boolean>;
  /** The credential when the password fits and it is not revoked. Costly on purpose: remember the answer per connection. */
  verifyDevice(user: string, password: string): Promise<DeviceCredential | undefined>;
  /** The credential by name alone, for a connection that proved it by a client certificate. */
  findDevice(user: string): Promise<DeviceCredential | undefined>;

  addKey(
    name: string,
    role: Role,
    districts?: readonly string[],
  ): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  listKeys(): Promise<readonly ApiKey[]>;
  revokeKey(id: string): Promise<boolean>;
  verifyKey(secret: string): Promise<ApiKey | undefined>;
}
