// accepted: rests on nothing and is used
export const REPORT = 1;
