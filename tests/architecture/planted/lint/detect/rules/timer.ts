// refused by no-restricted-globals: timer in a pure zone
export function later(act: () => void): void {
  setTimeout(act, 1000);
}
