/** Flags of Node that whoever starts it may have chosen: what they say stays. */
export function isFlagChosen(flag: string): boolean {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((text) => text.includes(flag));
}
