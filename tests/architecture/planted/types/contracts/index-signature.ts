// refused by TS4111: must be accessed with ['so2']
export const so2 = (values: Record<string, number>): number | undefined => values.so2;
