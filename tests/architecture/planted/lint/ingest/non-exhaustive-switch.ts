// refused by @typescript-eslint/switch-exhaustiveness-check: Switch is not exhaustive
export function word(state: 'open' | 'closed' | 'withdrawn'): string {
  let text = '';
  switch (state) {
    case 'open':
      text = 'goes on';
      break;
    case 'closed':
      text = 'is over';
      break;
  }
  return text;
}
