// refused by no-orphan: detect/orphan.ts
export const alone = 1;
