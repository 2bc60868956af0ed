/** The page at `/`: what this is and the newest findings. */
import { Type } from 'typebox';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { LANDING_PAGE } from '../landing-page.ts';

export function landingEndpoint(): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/',
    operation: 'getLandingPage',
    tag: 'documents',
    summary: 'A page for people',
    types: ['text/html'],
    success: { status: 200, description: 'the page', schema: Type.String(), example: '<!doctype html>' },
    answer: () => ({ kind: 'text', body: LANDING_PAGE.html, type: 'text/html; charset=utf-8' }),
  });
}
