// refused by TS1484: must be imported using a type-only import
import { Span } from './span.ts';

export const length = (span: Span): number => span.end - span.start;
