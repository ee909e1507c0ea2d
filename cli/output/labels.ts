import type { Style } from './style.ts';

/** The state of a delivery or failure, coloured by what it asks of the reader. */
export function stateLabel(state: string, style: Style): string {
  const text = state.replace('_', ' ');
  switch (state) {
    case 'delivered':
    case 'closed':
      return style.good(text);
    case 'dead':
    case 'in_doubt':
    case 'open':
      return style.bad(text);
    case 'waiting':
    case 'outbox':
    case 'underway':
    case 'sent':
    case 'probing':
      return style.warn(text);
    default:
      return text;
  }
}
