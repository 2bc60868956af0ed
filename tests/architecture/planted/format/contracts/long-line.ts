// refused by prettier: not formatted
export const text = (one: string, two: string, three: string, four: string): string => [one, two, three, four].join(' ');
