// refused by no-restricted-syntax: import() in a pure zone
export const load = (): unknown => import('node:fs');
