import { listenFailure } from './exit.js';

const failure = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

describe('a server that cannot listen', () => {
  it.each([
    ['EADDRINUSE', 4, /^Port 3000 is in use: .* set SMTP_PORT/],
    ['EACCES', 78, /^Port 3000 needs privileges this process lacks: set SMTP_PORT/],
  ])('says what to do about %s, and exits %i', (code, exitCode, message) => {
    const cause = failure(code);
    expect(listenFailure(cause, 3_000, 'SMTP_PORT')).toMatchObject({
      ...{ name: 'ExitError', exitCode, cause },
      message: expect.stringMatching(message),
    });
  });

  it.each(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'])(
    'with %s says that HOST is not of this machine',
    (code) => {
      const cause = failure(code);
      expect(listenFailure(cause, 3_000)).toMatchObject({
        ...{ exitCode: 78, cause },
        message: expect.stringMatching(/^HOST /),
      });
    },
  );

  it('says PORT unless another setting is given', () => {
    expect(listenFailure(failure('EACCES'), 80).message).toContain('set PORT to a port above 1023');
  });

  it('passes on what it has no advice for', () => {
    const error = failure('EINVAL');
    expect(listenFailure(error, 3_000)).toBe(error);
  });
});
