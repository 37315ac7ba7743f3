import jwt from '@fastify/jwt';
import { fastify } from 'fastify';
import { serveParent, settings } from '../processes/in-child.js';
import { answer, logRequest } from './answer.js';
import type { GuardSettings } from './guards/guard-under-test.js';

export interface FastifyJwtSettings extends GuardSettings {
  /** The issuer's public key; the plugin does not fetch key sets by itself. */
  readonly pem: string;
}

/** Five times the tokens of the load: its own default of 1,000 would lose them in turn. */
const cachedTokens = 5_000;

/** @fastify/jwt on Fastify with its cache of verified tokens, which is off unless asked for. */
const { issuer, applicationId, pem } = settings as FastifyJwtSettings;
const app = fastify();
app.addHook('onResponse', (request, reply, done) => {
  logRequest(request.method, request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime);
  done();
});
await app.register(jwt, {
  secret: { public: pem },
  verify: { algorithms: ['RS256'], allowedIss: issuer, allowedAud: applicationId, cache: cachedTokens },
});
app.get('/open', () => answer);
app.get('/guarded', { onRequest: (request) => request.jwtVerify() }, () => answer);

serveParent(await app.listen({ port: 0, host: '127.0.0.1' }));
