import { issuedKeyId, type RequestFacts, type StrategyName } from '#gatehouse/auth';

/** A credential as a client would send it. */
export interface Presented {
  readonly strategy: StrategyName;
  readonly request: RequestFacts;
  /** For looking up; never shown. */
  readonly value: string;
}

/**
 * Recognises a credential as it is sent: a whole header, what goes into one, or an access token, an API key of our own
 * make or `EMAIL:TOKEN`. Undefined for anything else, and above all for text that may be one secret as well as another.
 */
export function presentedBy(text: string): Presented | undefined {
  const [, header = '', value = text.trim()] =
    /^\s*(authorization|x-api-key)\s*:\s*(.*?)\s*$/is.exec(text) ?? [];
  return header.toLowerCase() === 'x-api-key' ? asApiKey(value) : (byScheme(value) ?? byForm(value));
}

function byScheme(value: string): Presented | undefined {
  const [, scheme = '', credentials = ''] = /^(bearer|basic)\s+(.+)$/is.exec(value) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return asToken(credentials);
    case 'basic':
      return by('email-token', 'authorization', value);
    default:
      return undefined;
  }
}

function byForm(value: string): Presented | undefined {
  if (value.startsWith('eyJ')) return asToken(value);
  const [, email, token] = /^([^\s:@]+@[^\s:@]+):(\S+)$/.exec(value) ?? [];
  if (email !== undefined && token !== undefined) return asEmailToken(email, token);
  return issuedKeyId(value) === undefined ? undefined : asApiKey(value);
}

export const asApiKey = (key: string): Presented => by('api-key', 'x-api-key', key);

export const asToken = (token: string): Presented => ({
  ...by('jwt', 'authorization', `Bearer ${token}`),
  value: token,
});

export const asEmailToken = (email: string, token: string): Presented =>
  by('email-token', 'authorization', `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`);

const by = (strategy: StrategyName, header: string, value: string): Presented => ({
  ...{ strategy, value },
  request: {
    ...{ requestId: 'doctor', address: '127.0.0.1', method: 'GET', url: '/' },
    header: (name) => (name === header ? [value] : []),
  },
});
