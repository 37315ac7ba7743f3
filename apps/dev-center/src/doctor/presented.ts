import { readerOf, type RequestFacts, strategies, type StrategyName, strategyNames } from '#gatehouse/auth';

/** A credential as a client would send it. */
export interface Presented {
  readonly strategy: StrategyName;
  readonly request: RequestFacts;
  /** For look-ups; never shown. */
  readonly value: string;
}

/**
 * Recognises a credential as it is sent: a whole header, the value of Authorization, or a text whose form identifies
 * its strategy. Undefined for anything else, in particular for text that may be one of several kinds of secret.
 */
export function presentedBy(text: string): Presented | undefined {
  const [, name = 'authorization', value = text.trim()] = /^\s*([\w-]+)\s*:\s*(\S.*?)\s*$/s.exec(text) ?? [];
  return inHeader(name, value) ?? byForm(text.trim());
}

/** Returns the request that a client of the strategy would send with this credential. */
export function presentedAs(strategy: StrategyName, text: string): Presented {
  const [name, value] = strategies[strategy].presentation.header(text);
  return { strategy, value: text, request: requestWith(name, value) };
}

function inHeader(name: string, value: string): Presented | undefined {
  const request = requestWith(name, value);
  for (const strategy of strategyNames) {
    for (const carrier of strategies[strategy].consumes) {
      const held = readerOf(carrier)(request);
      if (typeof held === 'string') return { strategy, value: held, request };
    }
  }
  return undefined;
}

function byForm(text: string): Presented | undefined {
  const strategy = strategyNames.find((name) => strategies[name].presentation.recognises(text));
  return strategy && presentedAs(strategy, text);
}

const requestWith = (name: string, value: string): RequestFacts => ({
  requestId: 'doctor',
  address: '127.0.0.1',
  method: 'GET',
  url: '/',
  header: (wanted) => (wanted === name.toLowerCase() ? [value] : []),
});
