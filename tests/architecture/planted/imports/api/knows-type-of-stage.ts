// refused by stages-meet-in-contracts: ingest/innocent.ts
import type * as ingest from '../ingest/innocent.ts';

export type Ingest = typeof ingest;
