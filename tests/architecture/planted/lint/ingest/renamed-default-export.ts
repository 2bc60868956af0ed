// refused by no-restricted-syntax: default export
const take = 1;
export { take as default };
