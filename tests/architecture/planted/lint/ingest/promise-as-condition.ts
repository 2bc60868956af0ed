// refused by @typescript-eslint/no-misused-promises: Expected non-Promise value
declare function known(site: string): Promise<boolean>;

export function accept(site: string): string {
  return known(site) ? 'yes' : 'no';
}
