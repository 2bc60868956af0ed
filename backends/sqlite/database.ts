import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** A connection to a database file; belongs to the thread that opened it. */
export type Database = DatabaseSyncInstance;
