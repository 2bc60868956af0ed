// refused by pure-uses-no-node-builtin: fs
export const load = (): unknown => import('node:fs/promises');
