import jwt from '@fastify/jwt';
import { fastify } from 'fastify';
import { answer, serveRequests, settings } from '../../../measure/src/serve.js';
import type { IssuerSettings } from './auth-config.js';

/** Five times the tokens of the load: the default of 1,000 would evict each before its turn. */
const cachedTokens = 5_000;

/**
 * @fastify/jwt on Fastify with its cache of verified tokens, which is off by default. The issuer's public key is a
 * setting: the plugin does not fetch key sets itself.
 */
const { issuer, applicationId, pem } = settings as IssuerSettings & { readonly pem: string };
const app = fastify();
await app.register(jwt, {
  secret: { public: pem },
  verify: { algorithms: ['RS256'], allowedIss: issuer, allowedAud: applicationId, cache: cachedTokens },
});
app.get('/guarded', { onRequest: (request) => request.jwtVerify() }, () => answer);
serveRequests(await app.listen({ port: 0, host: '127.0.0.1' }));
