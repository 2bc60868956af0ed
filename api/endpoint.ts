/**
 * A resource of the API as data: what it takes, what it gives, how it can fail, and the function that answers.
 * Routing, checks, permissions, formats and the OpenAPI document all come from this one description.
 */
import type { ServerResponse } from 'node:http';
import type { Static, TObject, TSchema } from 'typebox';
import type { Caller } from './caller.ts';
import type { ProblemCode } from './http/problem-list.ts';
import type { Rows } from './http/rows.ts';

/** A request that has passed every check. */
export interface Ask<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type Answer =
  | {
      readonly kind: 'json';
      readonly body: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | ({ readonly kind: 'rows' } & Rows)
  | { readonly kind: 'text'; readonly body: string; readonly type: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'live'; readonly follow: (response: ServerResponse) => void };

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  kind: 'json',
  body,
  status,
  headers,
});
export const rows = (parts: Rows): Answer => ({ kind: 'rows', ...parts });
export const EMPTY: Answer = { kind: 'empty' };

/** What an answer looks like, for the document. */
export interface AnswerDoc {
  readonly status: number;
  readonly description: string;
  /** Absent for answers without a body. */
  readonly schema?: TSchema;
  readonly example?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface EndpointText {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the router writes it: `/api/v1/sites/:site`. */
  readonly path: string;
  /** Unique name of the operation; clients are generated from it. */
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly success: AnswerDoc;
  /** Media types it can give, the default first. */
  readonly types?: readonly string[];
  /** Problems beyond those that every endpoint of its kind can answer with. */
  readonly problems?: readonly ProblemCode[];
  /** Not counted against the rate: probes must not fail because others ask much. */
  readonly isUncounted?: boolean;
  readonly bodyExample?: unknown;
  readonly bodyBytes?: number;
}

interface EndpointSchemas<P extends TObject, Q extends TObject, B extends TSchema> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
}

/** An endpoint whose function knows the types of its parameters. */
export interface EndpointSpec<P extends TObject, Q extends TObject, B extends TSchema>
  extends EndpointText, EndpointSchemas<P, Q, B> {
  readonly answer: (ask: Ask<Static<P>, Static<Q>, Static<B>>) => Promise<Answer> | Answer;
}

/** An endpoint among others: its function is only ever called with what its own schemas have passed. */
export interface Endpoint extends EndpointText, EndpointSchemas<TObject, TObject, TSchema> {
  readonly answer: (ask: Ask) => Promise<Answer> | Answer;
}

export function endpoint<P extends TObject, Q extends TObject, B extends TSchema>(
  spec: EndpointSpec<P, Q, B>,
): Endpoint {
  // The router calls `answer` with checked values alone, so forgetting their types here loses nothing.
  return spec as unknown as Endpoint;
}
