import type { FastifyRequest } from 'fastify';
import { checkForm, formToken } from './form-check.js';

const own = { host: '127.0.0.1:3001', origin: 'http://127.0.0.1:3001' };
const form =
  (headers: Record<string, string>, body: unknown = { formToken }) =>
  () =>
    checkForm({ headers, body } as FastifyRequest);

describe('a form of the home page', () => {
  it.each([own, { host: 'localhost:3001', origin: 'http://localhost:3001' }])(
    'passes from an address of this machine: %j',
    (headers) => expect(form(headers)).not.toThrow(),
  );

  it.each([
    ['another origin', { ...own, origin: 'https://evil.example' }],
    ['another port', { ...own, origin: 'http://127.0.0.1:3002' }],
    ['no origin', { host: own.host }],
    ['an opaque origin', { ...own, origin: 'null' }],
    // DNS rebinding: origin and host agree, and its page could read the token.
    ['a name that leads to this machine', { host: 'evil.example:3001', origin: 'http://evil.example:3001' }],
  ])('is refused with its token from %s', (_what, headers) => {
    expect(form(headers)).toThrow(expect.objectContaining({ status: 403 }));
  });

  it.each([
    ['no body', null],
    ['no token', {}],
    ['an empty token', { formToken: '' }],
    ['the token and a letter', { formToken: `${formToken}x` }],
    ['the token twice', { formToken: [formToken, formToken] }],
  ])('is refused with %s', (_what, body) => {
    expect(form(own, body)).toThrow(expect.objectContaining({ status: 403 }));
  });
});
