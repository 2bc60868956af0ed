/** Setting: offset from which on every entry is kept. */
export const LOG_FIRST = 'log.first';
/** Setting: offset of the next record that detection reads. */
export const NEXT_OFFSET = 'detection.next-offset';
