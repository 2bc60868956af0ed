// refused by no-restricted-syntax: default export
export default function take(): void {
  return;
}
