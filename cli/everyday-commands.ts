/** The commands that work on a data folder: start, registry, credentials, keys, doctor, export. */
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { askedToEnd } from './asked-to-end.ts';
import { readConfig } from './config.ts';

type Done = (code: number) => void;

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function withFolder(command: Command): Command {
  return command.option('--data <dir>', 'data folder').option('--config <file>', 'configuration file (YAML)');
}

/** Configuration from the flags that were given; `json` and the like are the command's own. */
function configOf(options: Record<string, unknown>): ReturnType<typeof readConfig> {
  const own = new Set(['json', 'log', 'role', 'district', 'grant']);
  const flags = Object.fromEntries(Object.entries(options).filter(([key]) => !own.has(key)));
  return readConfig(flags, process.env);
}

function addStart(program: Command, done: Done): void {
  withFolder(program.command('start').description('everything in one process with embedded storage'))
    .option('--registry <path>', 'registry file or folder to put into force')
    .option('--http <port>', 'port of the API (8080; 0 = any free one)', parsePort)
    .option('--mqtt <port>', 'port for devices (1883; 0 = any free one)', parsePort)
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate, PEM')
    .option('--tls-ca <file>', 'authority of the device certificates, PEM')
    .option('--demo', 'adds simulated plants; loopback only')
    .option('--insecure', 'devices and readers need no credentials; loopback only')
    .option('--json', 'one line of JSON when ready', false)
    .action(async (options: Record<string, unknown>) => {
      const { runStart } = await import('./commands/start.ts');
      const ended = askedToEnd();
      done(
        await runStart(
          { config: configOf(options), json: options['json'] === true, ended },
          { out: process.stdout, err: process.stderr },
        ),
      );
    });
}

function addRegistry(program: Command, done: Done): void {
  const registry = program.command('registry').description('check a registry, or put it into force');
  registry
    .command('check <path>')
    .description('prints every problem with file, line and path')
    .option('--json', 'as JSON', false)
    .action(async (path: string, options: { json: boolean }) => {
      const { runRegistryCheck } = await import('./commands/registry-check.ts');
      done(await runRegistryCheck(path, { json: options.json, out: process.stdout, err: process.stderr }));
    });
  withFolder(
    registry.command('import <path>').description('puts a registry into force, also in a running system'),
  ).action(async (path: string, options: Record<string, unknown>) => {
    const { runRegistryImport } = await import('./commands/registry-import.ts');
    done(await runRegistryImport(path, resolve(configOf(options).data), { out: process.stdout, err: process.stderr }));
  });
}

function addCredentials(program: Command, done: Done): void {
  const credentials = program.command('credentials').description('what devices log in with');
  withFolder(
    credentials.command('add <user>').description('SITE/DEVICE, or a gateway with --grant; shows the password once'),
  )
    .option('--grant <what>', 'for a gateway: SITE/DEVICE or SITE/*; may repeat', collect)
    .option('--json', 'as JSON', false)
    .action(async (user: string, options: { grant?: string[]; json: boolean }) => {
      const { addDevice } = await import('./commands/credentials.ts');
      done(await addDevice(resolve(configOf({ ...options }).data), user, options, process.stdout));
    });
  withFolder(credentials.command('list').description('without secrets'))
    .option('--json', 'as JSON', false)
    .action(async (options: { json: boolean }) => {
      const { listDevices } = await import('./commands/credentials.ts');
      done(await listDevices(resolve(configOf({ ...options }).data), options.json, process.stdout));
    });
  withFolder(credentials.command('revoke <user>').description('its connections are closed within seconds')).action(
    async (user: string, options: Record<string, unknown>) => {
      const { revokeDevice } = await import('./commands/credentials.ts');
      done(await revokeDevice(resolve(configOf(options).data), user, process.stdout));
    },
  );
  withFolder(program.command('keys').description('API keys').command('add <name>').description('shows the key once'))
    .requiredOption('--role <role>', 'admin, operator, watch, district or analyst')
    .option('--district <id>', 'only this district; may repeat', collect)
    .option('--json', 'as JSON', false)
    .action(async (name: string, options: { role: string; district?: string[]; json: boolean }) => {
      const { addKey } = await import('./commands/credentials.ts');
      done(await addKey(resolve(configOf({ ...options }).data), name, options, process.stdout));
    });
}

function addDoctor(program: Command, done: Done): void {
  withFolder(
    program.command('doctor').description('checks ports, clock, disk, database; one line each, with the remedy'),
  )
    .option('--registry <path>', 'registry to check')
    .option('--http <port>', 'port of the API', parsePort)
    .option('--mqtt <port>', 'port for devices', parsePort)
    .option('--host <address>', 'address')
    .option('--json', 'as JSON', false)
    .action(async (options: Record<string, unknown>) => {
      const { runDoctor } = await import('./commands/doctor.ts');
      done(await runDoctor(configOf(options), options['json'] === true, process.stdout));
    });
  withFolder(program.command('export').description('the whole log, for `replay --log`'))
    .requiredOption('--log <file>', 'NDJSON to write; .gz is packed, - is standard output')
    .action(async (options: { log: string }) => {
      const { runExportLog } = await import('./commands/export-log.ts');
      done(await runExportLog(resolve(configOf({ ...options }).data), options.log, process.stderr));
    });
}

export function addEverydayCommands(program: Command, done: Done): void {
  addStart(program, done);
  addRegistry(program, done);
  addCredentials(program, done);
  addDoctor(program, done);
}
