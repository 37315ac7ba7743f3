import { createServer } from 'node:http';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import { answer, listen, serveRequests, settings } from '../../../measure/src/serve.js';
import type { IssuerSettings } from './auth-config.js';

/** express-oauth2-jwt-bearer on Express 5, set up by its README; keys from the key set, cached by its defaults. */
const { issuer, applicationId, fusionAuthUrl } = settings as IssuerSettings;
const guard = auth({
  issuer,
  audience: applicationId,
  jwksUri: `${fusionAuthUrl}/.well-known/jwks.json`,
  tokenSigningAlg: 'RS256',
});
const app = express();
app.get('/guarded', guard, (_request, response) => void response.json(answer));
serveRequests(await listen(createServer(app)));
