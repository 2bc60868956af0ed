// refused by TS2375: exactOptionalPropertyTypes
export const span: { readonly end?: number } = { end: undefined };
