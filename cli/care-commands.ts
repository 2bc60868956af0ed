/** The commands that care for a data folder: doctor, export, backup, restore. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { endAtOnce } from './end-at-once.ts';
import { configOf, parsePort, withFolder, type Done } from './command-options.ts';

function addDoctor(program: Command, done: Done): void {
  withFolder(
    program
      .command('doctor')
      .description(
        'checks disk, files, database, backup, clock, limits, ports, and the servers that the settings name; one line each, with the remedy',
      ),
  )
    .option('--registry <path>', 'registry to check')
    .option('--http <port>', 'port of the API', parsePort)
    .option('--mqtt <port>', 'port for devices', parsePort)
    .option('--host <address>', 'address')
    .option('--quick', 'without reading the whole database', false)
    .option('--accept-loss', 'takes a database whose write-ahead log is lost or damaged as it is', false)
    .option('--json', 'as JSON', false)
    .action(async (options: Record<string, unknown>) => {
      const { runDoctor } = await import('./commands/doctor.ts');
      let isHung = false;
      const how = {
        quick: options['quick'] === true,
        acceptLoss: options['acceptLoss'] === true,
        json: options['json'] === true,
        threads: process.env['UV_THREADPOOL_SIZE'],
        onHung: () => {
          isHung = true;
        },
      };
      const code = await runDoctor(configOf(options), how, process.stdout);
      if (isHung) endAtOnce(code);
      done(code);
    });
}

function addExport(program: Command, done: Done): void {
  withFolder(program.command('export').description('the whole log, for `replay --log`'))
    .requiredOption(
      '--log <file>',
      'NDJSON to write; .gz is packed, - is standard output; on Kafka a file for each partition, with its number in the name',
    )
    .action(async (options: { log: string }) => {
      const config = configOf({ ...options });
      if (config.log === 'kafka') {
        const { runExportKafkaLog } = await import('./commands/export-kafka-log.ts');
        done(await runExportKafkaLog(config, options.log, process.stderr));
        return;
      }
      const { runExportLog } = await import('./commands/export-log.ts');
      done(await runExportLog(resolve(config.data), options.log, process.stderr));
    });
}

function addBackup(program: Command, done: Done): void {
  withFolder(
    program
      .command('backup <dir>')
      .description('copies the data folder into a new folder, also while the system runs, and looks through the copy'),
  )
    .option('--json', 'as JSON', false)
    .action(async (dir: string, options: { json: boolean }) => {
      const { runBackup } = await import('./commands/backup.ts');
      const folder = resolve(configOf({ ...options }).data);
      done(await runBackup({ folder, target: dir, json: options.json }, process.stdout));
    });
}

function addRestore(program: Command, done: Done): void {
  withFolder(
    program
      .command('restore <dir>')
      .description('puts a backup into the data folder, after it was looked through; the system must not run'),
  )
    .option('--force', 'moves aside what is in the data folder', false)
    .option('--json', 'as JSON', false)
    .action(async (dir: string, options: { force: boolean; json: boolean }) => {
      const { runRestore } = await import('./commands/restore.ts');
      const folder = resolve(configOf({ ...options }).data);
      const { force, json } = options;
      done(await runRestore({ folder, source: dir, force, json }, process.stdout));
    });
}

export function addCareCommands(program: Command, done: Done): void {
  addDoctor(program, done);
  addExport(program, done);
  addBackup(program, done);
  addRestore(program, done);
}
