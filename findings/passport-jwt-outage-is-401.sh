#!/usr/bin/env bash
# Guess, written first: when the key set cannot be fetched, passport-jwt passes the error of its key provider on, as passport
# does with errors of a verify callback: the error handler is called, and the caller gets a 500, not a verdict on its token.
#
# Observed with passport-jwt 4.0.1, jwks-rsa 4.1.0, passport 0.7.0 and Express 5.3.0: it takes the error for a refusal. The
# run printed:
#   key set served: 200
#   key set unavailable: 401 Unauthorized, error handler called 0 times
#   verify callback fails: 500, error handler called 1 time
# During an outage of the issuer each valid token is refused, clients throw theirs away and log in again, and the API logs
# nothing.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact passport-jwt@4.0.1 jwks-rsa@4.1.0 passport@0.7.0 express@5.3.0 jose@6.2.17 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { passportJwtSecret } from 'jwks-rsa';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

const { publicKey, privateKey } = await generateKeyPair('RS256');
const keys = [{ ...(await exportJWK(publicKey)), kid: 'a key', alg: 'RS256', use: 'sig' }];
let keySetStatus = 200;
const issuer = createServer((_request, response) => {
  response.writeHead(keySetStatus, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
}).listen(0, '127.0.0.1');
await once(issuer, 'listening');
const token = await new SignJWT({ sub: 'ada' })
  .setProtectedHeader({ alg: 'RS256', kid: 'a key' })
  .setExpirationTime('1 h')
  .sign(privateKey);

let verify = (payload, done) => done(null, { id: payload.sub });
const options = {
  algorithms: ['RS256'],
  jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
  secretOrKeyProvider: passportJwtSecret({
    jwksUri: `http://127.0.0.1:${issuer.address().port}/jwks.json`,
    cache: false,
  }),
};
passport.use(new Strategy(options, (payload, done) => verify(payload, done)));
let handled = 0;
const app = express();
app.get('/', passport.authenticate('jwt', { session: false }), (_request, response) => response.end('home'));
// Express knows an error handler by its four parameters.
app.use((_error, _request, response, _next) => {
  handled += 1;
  response.status(500).end();
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const ask = async () => {
  handled = 0;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${server.address().port}`, { headers });
  return { status: answer.status, text: await answer.text() };
};
const served = await ask();
keySetStatus = 503;
const unavailable = await ask();
const lines = [
  `key set served: ${served.status}`,
  `key set unavailable: ${unavailable.status} ${unavailable.text}, error handler called ${handled} times`,
];
keySetStatus = 200;
verify = (_payload, done) => done(new Error('the database is down'));
const failed = await ask();
lines.push(`verify callback fails: ${failed.status}, error handler called ${handled} time`);
for (const one of [server, issuer]) one.close().closeAllConnections();
console.log(lines.join('\n'));
const observed = [
  'key set served: 200',
  'key set unavailable: 401 Unauthorized, error handler called 0 times',
  'verify callback fails: 500, error handler called 1 time',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
