import type { RequestFacts, StrategyName } from '#gatehouse/auth';

/** A credential as a client would send it. */
export interface Presented {
  readonly strategy: StrategyName;
  readonly request: RequestFacts;
  /** For looking up; never shown. */
  readonly value: string;
}

/** Recognises a credential by its form: a whole header, or what goes into one. Undefined for anything else. */
export function presentedBy(text: string): Presented | undefined {
  const [, header = '', value = text.trim()] =
    /^\s*(authorization|x-api-key)\s*:\s*(.*?)\s*$/is.exec(text) ?? [];
  return header.toLowerCase() === 'x-api-key'
    ? by('api-key', 'x-api-key', value)
    : (byScheme(value) ?? byForm(value));
}

function byScheme(value: string): Presented | undefined {
  const [, scheme = '', credentials = ''] = /^(bearer|basic)\s+(.+)$/is.exec(value) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { ...by('jwt', 'authorization', `Bearer ${credentials}`), value: credentials };
    case 'basic':
      return by('email-token', 'authorization', value);
    default:
      return undefined;
  }
}

function byForm(value: string): Presented | undefined {
  if (value.startsWith('eyJ')) return { ...by('jwt', 'authorization', `Bearer ${value}`), value };
  if (/^[^\s:@]+@[^\s:@]+:\S+$/.test(value))
    return by('email-token', 'authorization', `Basic ${Buffer.from(value).toString('base64')}`);
  return /^\S{20,256}$/.test(value) ? by('api-key', 'x-api-key', value) : undefined;
}

const by = (strategy: StrategyName, header: string, value: string): Presented => ({
  ...{ strategy, value },
  request: {
    ...{ requestId: 'doctor', address: '127.0.0.1', method: 'GET', url: '/' },
    header: (name) => (name === header ? [value] : []),
  },
});
