// accepted: the runner around the pure core has the clock
export const now = (): number => Date.now();
