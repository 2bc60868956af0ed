import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../contracts/errors.ts';
import { provesServer, scramFinal, scramFirst, type ScramStart } from './scram.ts';

/** RFC 7677, section 3. */
const START: ScramStart = { digest: 'sha256', user: 'user', password: 'pencil', nonce: 'rOprNGfwEbeRWgbNEkqO' };
const BOTH = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SERVER_FIRST = `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;

describe('SCRAM', () => {
  it('says what RFC 7677 says, and knows the server by its answer', async () => {
    expect(scramFirst(START)).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    const answer = await scramFinal(START, SERVER_FIRST);
    expect(answer.final).toBe(`c=biws,r=${BOTH},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`);
    expect(provesServer(answer, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBe(true);
    expect(provesServer(answer, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=')).toBe(false);
    expect(provesServer(answer, 'e=invalid-proof')).toBe(false);
    expect(provesServer(answer, '')).toBe(false);
  });

  it('has a longer proof with SHA-512, and another for another password', async () => {
    const start: ScramStart = { ...START, digest: 'sha512' };
    const { final } = await scramFinal(start, SERVER_FIRST);
    expect(Buffer.from(final.split(',p=')[1] ?? '', 'base64').length).toBe(64);
    expect((await scramFinal({ ...start, password: 'Pencil' }, SERVER_FIRST)).final).not.toBe(final);
  });

  it('escapes what divides its messages', () => {
    expect(scramFirst({ ...START, user: 'a=b,c' })).toBe('n,,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO');
  });

  it.each([
    ['another nonce', SERVER_FIRST.replace('rOpr', 'rOps')],
    ['our nonce alone', SERVER_FIRST.replace(BOTH, START.nonce)],
    ['no salt', `r=${BOTH},i=4096`],
    ['no iterations', `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==`],
    ['iterations without end', SERVER_FIRST.replace('4096', '4096000000')],
    ['an error', 'e=unknown-user'],
  ])('takes no server that says %s', async (_what, serverFirst) => {
    await expect(scramFinal(START, serverFirst)).rejects.toThrow(UnavailableError);
  });
});
