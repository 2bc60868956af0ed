/** Certificates for tests: authorities, servers and clients, made by openssl in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch (error) {
    return error === undefined;
  }
}

/** Files `NAME.key` and `NAME.crt`, PEM. */
export class CertificateFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'stackwarden-tls-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Signed by itself. */
  authority(name: string): void {
    this.#make(name, `/CN=${name}`, []);
  }

  /** @param names as in subjectAltName: `DNS:localhost,IP:127.0.0.1` */
  signed(name: string, subject: string, { by, names }: { readonly by: string; readonly names?: string }): void {
    this.#make(name, subject, [
      ...['-CA', this.path(`${by}.crt`), '-CAkey', this.path(`${by}.key`)],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ...(names === undefined ? [] : ['-addext', `subjectAltName=${names}`]),
    ]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #make(name: string, subject: string, more: readonly string[]): void {
    const files = ['-keyout', this.path(`${name}.key`), '-out', this.path(`${name}.crt`)];
    execFileSync('openssl', ['req', '-x509', ...KEY, ...files, '-subj', subject, ...more], { stdio: 'pipe' });
  }
}
