#!/usr/bin/env bash
# Guess, written first: a verifier that accepts an Ed25519 signature under alg EdDSA accepts it under alg Ed25519 as well.
# RFC 9864 of 2025 gave the algorithm this name and deprecates the other one.
#
# Observed with tokens issued by jose 6.2.17: jose alone accepts both. The others do not know the newer name, although key
# and curve are the same. The run printed:
#   EdDSA: jose accepts, fast-jwt accepts, aws-jwt-verify accepts, hono accepts
#   Ed25519: jose accepts, fast-jwt refuses, aws-jwt-verify refuses, hono refuses
# An issuer that follows the RFC locks its callers out of APIs with fast-jwt 6.3.6 (so also @fastify/jwt), aws-jwt-verify
# 5.2.1 or hono 4.13.19.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact jose@6.2.17 fast-jwt@6.3.6 aws-jwt-verify@5.2.1 hono@4.13.19 >/dev/null
cat >run.js <<'RUN'
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { verifyWithJwks } from 'hono/jwt';
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, jwtVerify, SignJWT } from 'jose';

const issuer = 'https://login.example.com';
const audience = 'todos';
const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
const pem = await exportSPKI(publicKey);

/** Issues a token with one of the two names, also in the key set, and returns the verdicts. */
async function verdicts(alg) {
  const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'a key', alg, use: 'sig' }] };
  const token = await new SignJWT()
    .setProtectedHeader({ alg, kid: 'a key' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1 h')
    .sign(privateKey);
  const aws = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks.json` });
  aws.cacheJwks(keySet);
  const verifiers = {
    jose: () => jwtVerify(token, createLocalJWKSet(keySet), { issuer, audience }),
    'fast-jwt': async () => createVerifier({ key: pem, allowedIss: issuer, allowedAud: audience })(token),
    'aws-jwt-verify': () => aws.verify(token),
    hono: () => {
      const verification = { iss: issuer, aud: audience };
      return verifyWithJwks(token, { keys: keySet.keys, allowedAlgorithms: [alg], verification });
    },
  };
  const found = [];
  for (const [name, verify] of Object.entries(verifiers)) {
    const verdict = await verify().then(
      () => 'accepts',
      () => 'refuses',
    );
    found.push(`${name} ${verdict}`);
  }
  return `${alg}: ${found.join(', ')}`;
}

const found = `${await verdicts('EdDSA')}\n${await verdicts('Ed25519')}`;
console.log(found);
const observed = [
  'EdDSA: jose accepts, fast-jwt accepts, aws-jwt-verify accepts, hono accepts',
  'Ed25519: jose accepts, fast-jwt refuses, aws-jwt-verify refuses, hono refuses',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
