import { developmentTarget } from '../../../tools/attack/src/target.js';
import type { Endpoint } from '../../../tools/gateways/src/endpoint.js';
import { gateways } from '../../../tools/gateways/src/gateways/index.js';
import { defaultLimits, type Policy } from '../../../tools/gateways/src/policy.js';
import { type Algorithm, type PublicKey } from '../../../tools/gateways/src/public-key.js';
import { publicPem, type SigningKey } from '../../../tools/issuer/src/signing-key.js';
import { freePort } from '../../support/free-port.js';
import { type ConfigurationFile, type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import type { GatewayWorld } from './gateway-world.js';
import type { ProgramName } from './programs.js';

/** Programs that call the forward-auth server, and their configuration. */
export const forwardAuthGateways = {
  haproxy: 'haproxy-forward-auth',
  nginx: 'nginx',
  caddy: 'caddy',
} as const satisfies Record<ProgramName, string>;

export const endpointOf = (url: string): Endpoint => {
  const { hostname, port } = new URL(url);
  return { address: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
};

export interface Gateway extends GatewayProcess {
  /** The URL for HTTP/2 without TLS, if requested. */
  readonly http2Url: string;
  /** Applies the files of a changed policy. */
  readonly change: (changes: Partial<Policy>) => Promise<void>;
}

/**
 * Returns the policy of a gateway for the issuer’s tokens in front of an API; each test sets port and forward-auth
 * servers.
 */
export function policyFor({ issuer }: Pick<GatewayWorld, 'issuer'>, apiUrl: string): Policy {
  const { rs256, es256 } = issuer.keys.good;
  const { applicationId, entityId } = developmentTarget;
  return {
    issuer: issuer.target.issuer,
    audiences: [applicationId, entityId],
    algorithms: ['RS256', 'ES256'],
    jwksUrl: `${issuer.url}/.well-known/jwks.json`,
    keys: [keyOf(rs256, 'RS256'), keyOf(es256, 'ES256')],
    api: endpointOf(apiUrl),
    forwardAuth: [endpointOf(apiUrl)],
    tokenLocation: 'header',
    cookieName: 'app.at',
    listen: { address: '127.0.0.1', port: 0 },
    limits: defaultLimits,
  };
}

export const keyOf = ({ kid, privateKey }: SigningKey, alg: Algorithm): PublicKey => ({
  kid,
  alg,
  pem: publicPem(privateKey),
});

/** Returns the files generated for a gateway. */
export function filesOf(configuration: string, policy: Policy): readonly ConfigurationFile[] {
  const gateway = gateways.find(({ name }) => name === configuration);
  if (!gateway) throw new Error(`no configuration is generated for ${configuration}`);
  return gateway.files(policy);
}

interface GatewayOptions {
  readonly configuration: string;
  readonly policy: Policy;
  readonly http2?: boolean | undefined;
}

/** Starts a gateway on a free port with its generated configuration. */
export async function startGateway(
  program: ProgramName,
  { configuration, policy, http2 }: GatewayOptions,
): Promise<Gateway> {
  const [port, second] = [await freePort(), await freePort()];
  const listening = { ...policy, listen: { ...policy.listen, port } };
  const filesFor = (changed: Policy) => {
    const files = filesOf(configuration, changed);
    return http2 ? files.map(({ path, text }) => ({ path, text: withHttp2[program](text, second) })) : files;
  };
  const running = await startGatewayProcess(program, port, filesFor(listening));
  return {
    ...running,
    http2Url: `http://127.0.0.1:${program === 'nginx' ? second : port}`,
    change: (changes) => running.reload(filesFor({ ...listening, ...changes })),
  };
}

/** Adds HTTP/2 without TLS to a configuration; deployments use TLS, with the same lines otherwise. */
const withHttp2: Readonly<Record<ProgramName, (text: string, port: number) => string>> = {
  // It detects HTTP/2 by the first bytes of a connection.
  haproxy: (text) => text,
  // Before version 1.25, a port supports only one of the two.
  nginx: (text, port) => text.replace(/^( *)listen .*;$/m, `$&\n$1listen 127.0.0.1:${port} http2;`),
  caddy: (text) => text.replace(/^\{$/m, '{\n\tservers {\n\t\tprotocols h1 h2c\n\t}'),
};
