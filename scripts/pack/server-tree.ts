/** What a server needs to run stackwarden, laid out in a folder: no network, no compiler and no build is needed there. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyPackage, KAFKA_BINARY, licenceList, productionPackages } from './production-packages.ts';

/** Copied as they are; the links between the pages go on to lead somewhere. */
const FOLDERS = ['dist', 'simulators/scenarios', 'deploy', 'docs'];
const FILES = ['LICENSE', 'README.md', 'README.zh-CN.md', 'contracts/README.md'];
/** Below deploy/: of the machine that it was made on. */
const PRIVATE = ['deploy/secrets', 'deploy/.env'];

export interface Built {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** Of Node; Kafka's client runs with this one only. */
  readonly nodeMajor: number;
  /** Kafka's client needs this one or a newer; absent where the system has another C library. */
  readonly glibc?: string;
  readonly kafka: boolean;
}

function readPackage(root: string): Readonly<Record<string, unknown>> & { name: string; version: string } {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
}

export function builtHere(root: string): Built {
  const { name, version } = readPackage(root);
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const glibc = header.glibcVersionRuntime;
  return {
    name,
    version,
    platform: process.platform,
    arch: process.arch,
    nodeMajor: Number(process.versions.node.split('.')[0]),
    ...(glibc === undefined ? {} : { glibc }),
    kafka: existsSync(join(root, KAFKA_BINARY)),
  };
}

/** `stackwarden-0.1.0-linux-x64-node20-kafka`, or `-embedded` where Kafka's client was not compiled. */
export function packName({ name, version, platform, arch, nodeMajor, kafka }: Built): string {
  return `${name}-${version}-${platform}-${arch}-node${String(nodeMajor)}-${kafka ? 'kafka' : 'embedded'}`;
}

/** The package of a server: without scripts, which are not there. */
function serverPackage(root: string): string {
  const { name, version, description, license, type, engines, bin } = readPackage(root);
  return `${JSON.stringify({ name, version, description, license, type, engines, bin }, null, 2)}\n`;
}

/** @param target a folder that is not there yet */
export function layOut(root: string, target: string): void {
  mkdirSync(target, { recursive: true });
  const isPublic = (source: string): boolean => !PRIVATE.some((path) => source === join(root, path));
  for (const path of FOLDERS) cpSync(join(root, path), join(target, path), { recursive: true, filter: isPublic });
  for (const path of FILES) cpSync(join(root, path), join(target, path));
  const packages = productionPackages(root);
  for (const one of packages) copyPackage(root, target, one);
  writeFileSync(join(target, 'package.json'), serverPackage(root));
  writeFileSync(join(target, 'LICENCES.md'), licenceList(packages));
  writeFileSync(join(target, 'built.json'), `${JSON.stringify(builtHere(root), null, 2)}\n`);
}
