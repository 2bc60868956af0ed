// accepted: nothing is wrong
export const flag = 'N';
