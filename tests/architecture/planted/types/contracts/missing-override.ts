// refused by TS4114: must have an 'override' modifier
export class InputError extends Error {
  readonly name = 'InputError';
}
