import { Counter, type Registry } from '#gatehouse/platform';
import type { Authenticate } from '../core/authenticator.js';

/** Counts outcomes by strategy and kind. Labels come from closed lists, never from a request. */
export function metrics(registry: Registry): (inner: Authenticate) => Authenticate {
  const outcomes = new Counter({
    name: 'gatehouse_authentications_total',
    help: 'Requests by strategy and outcome: accepted, or the kind of failure.',
    labelNames: ['via', 'outcome'],
    registers: [registry],
  });
  return (inner) => async (request) => {
    const outcome = await inner(request);
    const { verdict } = outcome;
    outcomes.inc({ via: outcome.via ?? 'none', outcome: verdict.ok ? 'accepted' : verdict.failure.kind });
    return outcome;
  };
}
