// refused by @typescript-eslint/consistent-type-imports: only used as types
import { EventEmitter } from 'node:events';

export type Source = EventEmitter;
