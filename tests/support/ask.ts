/** Questions to the API as a reader with a key would send them. */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';

export interface Question {
  /** Secret of the key; absent = no key. */
  readonly as?: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask(app: FastifyInstance, url: string, question: Question = {}): Promise<LightMyRequestResponse> {
  const { as, method = 'GET', body, headers = {} } = question;
  const options: InjectOptions = {
    url,
    method,
    headers: { ...(as === undefined ? {} : { authorization: `Bearer ${as}` }), ...headers },
  };
  return app.inject(body === undefined ? options : { ...options, payload: body as object });
}

/** A field of every item of a list that was answered. */
export function fieldOf(response: LightMyRequestResponse, name = 'id'): unknown[] {
  const { items } = response.json<{ items: Record<string, unknown>[] }>();
  return items.map((item) => item[name]);
}
