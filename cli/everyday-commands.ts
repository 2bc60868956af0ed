/** The commands that work on a data folder: start, registry, credentials, keys, and what cares for it. */
import { Option, type Command } from 'commander';
import { askedToEnd } from './asked-to-end.ts';
import { addCareCommands } from './care-commands.ts';
import { configOf, parsePort, withFolder, type Done } from './command-options.ts';

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
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
    .option('--scenario <name>', 'instead of the plants of the demo: `city` or another built-in scenario, or a file')
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
    done(await runRegistryImport(path, configOf(options), { out: process.stdout, err: process.stderr }));
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
      const { credentialsOf } = await import('./open-credentials.ts');
      done(await addDevice(credentialsOf(configOf({ ...options })), user, options, process.stdout));
    });
  withFolder(
    credentials
      .command('add-all <registry>')
      .description('for everyone in a registry who has none; a line of JSON each, with the password'),
  )
    .addOption(
      new Option('--per <what>', 'one for each site (its gateway) or for each device')
        .choices(['site', 'device'])
        .default('device'),
    )
    .action(async (registry: string, options: { per: 'site' | 'device' }) => {
      const { addAll } = await import('./commands/credentials.ts');
      const { credentialsOf } = await import('./open-credentials.ts');
      const { per, ...flags } = options;
      done(await addAll(credentialsOf(configOf(flags)), registry, per, { out: process.stdout, err: process.stderr }));
    });
  withFolder(credentials.command('list').description('without secrets'))
    .option('--json', 'as JSON', false)
    .action(async (options: { json: boolean }) => {
      const { listDevices } = await import('./commands/credentials.ts');
      const { credentialsOf } = await import('./open-credentials.ts');
      done(await listDevices(credentialsOf(configOf({ ...options })), options.json, process.stdout));
    });
  withFolder(credentials.command('revoke <user>').description('its connections are closed within seconds')).action(
    async (user: string, options: Record<string, unknown>) => {
      const { revokeDevice } = await import('./commands/credentials.ts');
      const { credentialsOf } = await import('./open-credentials.ts');
      done(await revokeDevice(credentialsOf(configOf(options)), user, process.stdout));
    },
  );
}

function addKeys(program: Command, done: Done): void {
  withFolder(program.command('keys').description('API keys').command('add <name>').description('shows the key once'))
    .requiredOption('--role <role>', 'admin, operator, watch, district or analyst')
    .option('--district <id>', 'only this district; may repeat', collect)
    .option('--json', 'as JSON', false)
    .action(async (name: string, options: { role: string; district?: string[]; json: boolean }) => {
      const { addKey } = await import('./commands/credentials.ts');
      const { credentialsOf } = await import('./open-credentials.ts');
      done(await addKey(credentialsOf(configOf({ ...options })), name, options, process.stdout));
    });
}

export function addEverydayCommands(program: Command, done: Done): void {
  addStart(program, done);
  addRegistry(program, done);
  addCredentials(program, done);
  addKeys(program, done);
  addCareCommands(program, done);
}
