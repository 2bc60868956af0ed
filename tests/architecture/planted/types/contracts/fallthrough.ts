// refused by TS7029: Fallthrough case in switch
export function word(flag: string): string {
  let text = '';
  switch (flag) {
    case 'N':
      text = 'normal';
    case 'F':
      text = 'stopped';
  }
  return text;
}
