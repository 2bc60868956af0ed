// refused by prettier: not formatted
export function flag(): string {
    return 'N';
}
