/** The TLS files that the configuration names. */
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';

export function readTls({ tlsKey, tlsCert, tlsCa }: Config): { key: Buffer; cert: Buffer; ca?: Buffer } | undefined {
  if (tlsKey === undefined || tlsCert === undefined) return undefined;
  const ca = tlsCa === undefined ? {} : { ca: readFileSync(tlsCa) };
  return { key: readFileSync(tlsKey), cert: readFileSync(tlsCert), ...ca };
}

/** At a broker the TLS files are ours as its client, and the authority is that of its certificate. */
export function clientTls({ tlsKey, tlsCert, tlsCa }: Config): { key?: Buffer; cert?: Buffer; ca?: Buffer } {
  return {
    ...(tlsKey === undefined || tlsCert === undefined
      ? {}
      : { key: readFileSync(tlsKey), cert: readFileSync(tlsCert) }),
    ...(tlsCa === undefined ? {} : { ca: readFileSync(tlsCa) }),
  };
}
