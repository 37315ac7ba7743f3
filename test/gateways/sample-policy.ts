import { defaultLimits, type Policy } from '../../tools/gateways/src/policy.js';

/**
 * The policy of the configurations in deploy/gateways: two services, one key that is being retired and one that is new.
 */
export const samplePolicy: Policy = {
  issuer: 'https://auth.example.com',
  audiences: ['e9fdb985-9173-4e01-9d73-ac2d60d1dc8e'],
  algorithms: ['RS256', 'ES256'],
  jwksUrl: 'https://auth.example.com/.well-known/jwks.json',
  keys: [
    {
      kid: 'rsa-2026',
      alg: 'RS256',
      pem: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuh4AQoiVbAszdWYIwwnP
otv9HOOcKWJeEGNt+wv7g8rMKzUjEZaoxdzBO3UTWkk9qZ3g6dW1+Oh4fKOHBtb+
wpQoaUMbAdRdUwWb2QWs1M5vEkRAzUPs3KMjxBZDPmXTXZG1aQAWI6xxbFu9CEYR
jdEuItZELZzmKkck80vszzQiFx7P1FcjB9IJrtt6EKE6Fnw+5nM58vX9mSeKL+ie
u+O7YVISS0z/MVLiSOZfSoaQvse09QXwcSo9Mq+QY1OnWZRTfvCh0yRnfv3rKuaO
tHPXyM2iVOQboo8A6/CVPykS1IYwsJmODVcXOfOd1u4TBUzLD0DIFy2trihQVwm5
8QIDAQAB
-----END PUBLIC KEY-----
`,
    },
    {
      kid: 'ec-2027',
      alg: 'ES256',
      pem: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0WHlXxzfcpvMzVsTtBgCPkA28UCM
aXQFYvEFpHmY1bEYjEWi7EexhQtzGnyi70vCTRE7IjlSAYf32M0dIEef+w==
-----END PUBLIC KEY-----
`,
    },
  ],
  api: { address: '127.0.0.1', port: 3000 },
  secondApi: {
    address: '127.0.0.1',
    port: 3010,
    hostname: 'second.example.com',
    audiences: ['5d6ee1c4-3f0e-4f0c-8a56-0c1f3a0f2b7d'],
    forwardAuth: [{ address: '127.0.0.1', port: 3012 }],
  },
  forwardAuth: [{ address: '127.0.0.1', port: 3002 }],
  tokenLocation: 'header',
  cookieName: 'app.at',
  listen: { address: '127.0.0.1', port: 8080 },
  roleRules: undefined,
  limits: defaultLimits,
};
