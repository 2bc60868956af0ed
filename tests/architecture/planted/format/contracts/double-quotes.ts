// refused by prettier: not formatted
export const flag = "N";
