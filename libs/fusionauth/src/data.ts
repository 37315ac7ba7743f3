import { Pool } from 'undici';
import { FusionAuthUnavailable } from './unavailable.js';

export interface FusionAuthDataSettings {
  /** Base URL of FusionAuth. */
  readonly url: string;
  readonly tenantId: string;
  /** The longest a call may take, answer included. */
  readonly deadlineMilliseconds: number;
}

/** The calls on the request path: pooled, with a deadline, without redirects. */
export interface FusionAuthData {
  /** `GET /.well-known/jwks.json` (RFC 7517 section 5). */
  readonly readKeySet: () => Promise<unknown>;
  /** The `issuer` of the tenant's discovery document (OpenID Connect Discovery 1.0 section 4). */
  readonly readIssuer: () => Promise<string>;
  readonly close: () => Promise<void>;
}

// Far above any key set; an answer without end must not fill the memory.
const largestAnswer = 256 * 1024;

/** Every method throws {@link FusionAuthUnavailable} unless FusionAuth answers 200 with JSON of the expected shape in time. */
export function fusionAuthData({
  url,
  tenantId,
  deadlineMilliseconds,
}: FusionAuthDataSettings): FusionAuthData {
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, { connections: 32, maxResponseSize: largestAnswer });

  async function getJson(operation: string, path: string): Promise<unknown> {
    const started = performance.now();
    const signal = AbortSignal.timeout(deadlineMilliseconds);
    let status: number | undefined;
    try {
      const answer = await pool.request({ method: 'GET', path: `${prefix}${path}`, signal });
      status = answer.statusCode;
      if (status === 200) return await answer.body.json();
      await answer.body.dump({ limit: largestAnswer, signal });
    } catch (cause) {
      throw new FusionAuthUnavailable(operation, {
        status,
        milliseconds: performance.now() - started,
        cause,
      });
    }
    throw new FusionAuthUnavailable(operation, { status, milliseconds: performance.now() - started });
  }

  return {
    readKeySet: () => getJson('key set', '/.well-known/jwks.json'),
    async readIssuer() {
      const document = await getJson('discovery', `/${tenantId}/.well-known/openid-configuration`);
      const issuer = (document as { issuer?: unknown } | null)?.issuer;
      if (typeof issuer === 'string' && issuer !== '') return issuer;
      throw new FusionAuthUnavailable('discovery', { status: 200, milliseconds: 0 });
    },
    close: () => pool.destroy(),
  };
}
