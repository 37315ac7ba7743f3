import { createServer } from 'node:http';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import { listen, serveParent, settings } from '../processes/in-child.js';
import { answer, logRequest } from './answer.js';
import type { GuardSettings } from './guards/guard-under-test.js';

/** express-oauth2-jwt-bearer on Express 5 by its README; keys from the key set, cached by its defaults. */
const { issuer, applicationId, fusionAuthUrl } = settings as GuardSettings;
const app = express();
app.use((request, response, next) => {
  const began = performance.now();
  response.once('finish', () =>
    logRequest(request.method, request.path, response.statusCode, performance.now() - began),
  );
  next();
});
app.get('/open', (_request, response) => void response.json(answer));
const guard = auth({
  issuer,
  audience: applicationId,
  jwksUri: `${fusionAuthUrl}/.well-known/jwks.json`,
  tokenSigningAlg: 'RS256',
});
app.get('/guarded', guard, (_request, response) => void response.json(answer));

serveParent(await listen(createServer(app)));
