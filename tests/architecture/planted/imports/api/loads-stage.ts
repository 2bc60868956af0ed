// refused by stages-meet-in-contracts: ingest/innocent.ts
export const load = (): Promise<unknown> => import('../ingest/innocent.ts');
