// refused by prettier: not formatted
export const FLAGS = [
  'a flag with a long name so that the list does not fit on one line',
  'another flag with a long name so that the list does not fit'
];
