/** Which traces a message goes on for, in its headers: several, where what is in it came of several reports. */
import type { Message, MessageHeader } from 'node-rdkafka';

const NAME = 'traceparent';
/** So that headers stay small beside what they stand at; what is beyond is followed no further. */
const MOST = 32;

const NONE: readonly string[] = [];

/** The part of a message that says so; nothing of it where nothing is followed. */
export function traceHeaders(contexts: readonly string[]): { readonly headers?: MessageHeader[] } {
  return contexts.length === 0 ? {} : { headers: contexts.slice(0, MOST).map((context) => ({ [NAME]: context })) };
}

export function tracesIn({ headers }: Pick<Message, 'headers'>): readonly string[] {
  if (headers === undefined) return NONE;
  return headers.slice(0, MOST).flatMap((header) => (header[NAME] === undefined ? [] : [String(header[NAME])]));
}
