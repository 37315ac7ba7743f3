import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#gatehouse/platform';
import type { Session } from '../session/session.js';
import { type Answer, page } from './answer.js';
import { type PageProblem, problemOf } from './page-problem.js';
import { render, renderPage } from './rendering.js';

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: Session | undefined;
}

/** Nothing inline, nothing from elsewhere, no frames; forms go to the portal alone. Scripts may also call `callsTo`. */
const policy = (callsTo: readonly string[] = []) =>
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
  `connect-src ${["'self'", ...callsTo].join(' ')}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Not `no-referrer`, with which browsers omit the origin of forms. */
const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': policy(),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  // Browsers ignore it over plain http (RFC 6797 section 8.1).
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

/** Sends a response: a whole page, or for the portal's own script only its main part. */
export function send(answer: Answer, { request, reply, session }: Asked): FastifyReply {
  void reply.headers(pageHeaders);
  if ('goTo' in answer) return reply.redirect(answer.goTo, 303);
  if (answer.callsTo) void reply.header('content-security-policy', policy(answer.callsTo));
  if (answer.againAfter !== undefined) void reply.header('refresh', String(answer.againAfter));
  const around = { session, path: request.url.replace(/\?.*/s, '') };
  const isPart = request.headers['x-part'] === '1';
  const html = isPart ? render(answer.template, answer.data, around) : renderPage(answer, around);
  return reply.code(answer.status).type('text/html; charset=utf-8').send(html);
}

/** Sends the page for an error. Unexpected errors are logged. */
export function sendProblem(error: unknown, asked: Asked, log: Logger): FastifyReply {
  const known = problemOf(error);
  if (!known) log.error({ err: error, route: asked.request.routeOptions.url }, 'a page failed unexpectedly');
  const { status, title, message: text, next } = known ?? unforeseen;
  if (status === 503) void asked.reply.header('retry-after', '5');
  return send(page('problem', title, { title, text, next, status }, status), asked);
}

const unforeseen: Pick<PageProblem, 'status' | 'title' | 'message' | 'next'> = {
  status: 500,
  title: 'Something went wrong',
  message: 'The log of the Dev Center says what. Active credentials are unchanged.',
  next: undefined,
};
