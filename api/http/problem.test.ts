import { describe, expect, it } from 'vitest';
import { CannotWriteError, ConfigError, InputError, InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { PROBLEMS } from './problem-list.ts';
import { Problem, problemBody, toProblem } from './problem.ts';

const context = { instance: '/api/v1/x', requestId: 'r' };

describe('a thrown error', () => {
  it.each([
    [new InputError('no such cursor'), 400, 'no such cursor'],
    [new UnavailableError('disk /var/secret is full'), 503, 'storage refuses'],
    [new CannotWriteError('EROFS /var/secret'), 503, 'storage refuses'],
    [new ConfigError(['a is wrong', 'b is wrong']), 422, 'a is wrong'],
    [new InvariantError('state 17 of /var/secret'), 500, 'tell the operator'],
    [new TypeError("Cannot read properties of undefined (reading 'secret')"), 500, 'tell the operator'],
    ['not even an error', 500, 'tell the operator'],
    [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' }), 415, 'application/json'],
    [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }), 413, 'longer'],
  ])('%s is a problem with status %i', (error, status, detail) => {
    const problem = toProblem(error);
    expect(problem.status).toBe(status);
    expect(problem.parts.detail.en).toContain(detail);
    const body = JSON.stringify(problemBody(problem, { ...context, language: 'en' }));
    expect(body).not.toContain('/var/secret');
    expect(body).not.toContain('reading');
    expect(body).not.toMatch(/\.ts:\d+/);
  });

  it('says when to try again where trying again may help', () => {
    expect(toProblem(new UnavailableError('away')).parts.headers).toEqual({ 'retry-after': '5' });
  });
});

describe('the body of a problem', () => {
  const problem = new Problem('order-invalid', {
    detail: { zh: '缺少起始时间', en: '`from` is missing' },
    errors: [{ pointer: '/from', detail: { zh: '缺少', en: 'missing' } }],
    members: { every: 'PT5M' },
  });

  it('is in the language of the reader, with both beside it', () => {
    expect(problemBody(problem, { ...context, language: 'zh' })).toEqual({
      type: '/problems/order-invalid',
      code: 'order-invalid',
      title: '管控令有误',
      status: 422,
      detail: '缺少起始时间',
      instance: '/api/v1/x',
      requestId: 'r',
      errors: [{ pointer: '/from', detail: '缺少', detailZh: '缺少', detailEn: 'missing' }],
      every: 'PT5M',
      titleZh: '管控令有误',
      titleEn: 'The order is not valid',
      detailZh: '缺少起始时间',
      detailEn: '`from` is missing',
    });
    expect(problemBody(problem, { ...context, language: 'en' })).toMatchObject({
      title: 'The order is not valid',
      detail: '`from` is missing',
      errors: [{ detail: 'missing' }],
    });
  });
});

describe('the list of problems', () => {
  it('has a title in both languages and an error status for each', () => {
    for (const [code, { status, zh, en }] of Object.entries(PROBLEMS)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z]/);
    }
  });
});
