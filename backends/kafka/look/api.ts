/** What brokers are asked, in a version whose fields have fixed lengths. All of them are known to Kafka 2.1 to 4. */
export const API = {
  fetch: { key: 1, version: 4 },
  listOffsets: { key: 2, version: 2 },
  metadata: { key: 3, version: 4 },
  offsetFetch: { key: 9, version: 3 },
  findCoordinator: { key: 10, version: 1 },
  describeGroups: { key: 15, version: 1 },
  saslHandshake: { key: 17, version: 1 },
  describeConfigs: { key: 32, version: 1 },
  saslAuthenticate: { key: 36, version: 0 },
} as const;
export type Api = (typeof API)[keyof typeof API];
