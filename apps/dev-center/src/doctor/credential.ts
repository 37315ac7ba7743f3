import { explain, strategies } from '#gatehouse/auth';
import type { Center } from '../center.js';
import { principalKey } from '../config.js';
import { issuersFor } from '../issuers/index.js';
import { type Check, fine, open, wrong } from './check.js';
import { missingFor, openGuard, validationOf } from './guard.js';
import { checkKept, recordOf } from './kept.js';
import { type Presented, presentedBy } from './presented.js';

/** Step by step whether the Todo API would accept the credential, and at which step it is refused; never shows it. */
export async function checkCredential(center: Center, text: string): Promise<Check[]> {
  const sent = presentedBy(text);
  if (sent) return [...(await recorded(center, sent)), ...(await tried(center, sent))];
  const { checks, presented } = await checkKept(center, text.trim());
  return [...checks, ...(presented ? await tried(center, presented) : [])];
}

async function tried(center: Center, presented: Presented): Promise<Check[]> {
  const { strategy } = presented;
  const missing = missingFor(center, strategy);
  if (missing.length > 0) return [open(strategy, `cannot be tried here: ${missing.join('; ')}`)];
  const on = center.config.AUTH_STRATEGY?.includes(strategy) ?? true;
  const off = on ? [] : [wrong(strategy, 'the Todo API does not look at it: AUTH_STRATEGY leaves it out')];
  const guard = await openGuard(center, [strategy]);
  try {
    return [...off, ...(await judged(center, guard, presented))];
  } finally {
    guard.close();
  }
}

async function judged(
  center: Center,
  guard: Awaited<ReturnType<typeof openGuard>>,
  { strategy, request }: Presented,
): Promise<Check[]> {
  const { verdict } = await guard.authenticate(request);
  const { reasons, presentation } = strategies[strategy];
  const names = Object.keys(reasons).filter((name) => name !== 'session' || validationOf(center) !== 'local');
  if (verdict.ok) {
    const { roles, subject } = verdict.principal;
    // What the credentials table says of it, the guard that was opened here does not know.
    const known = presentation.rolesFrom === 'fusionauth';
    const having = known ? ` with ${roles.join(', ') || 'no role'}` : '';
    return [...names.map((name) => fine(name)), fine('accepted', `as ${subject}${having}`)];
  }
  const { failure } = verdict;
  // The form is the first step of every strategy.
  const refusedAt =
    failure.kind === 'malformed'
      ? { step: 'form', text: failure.detail }
      : 'reason' in failure && explain(reasons, failure.reason);
  if (!refusedAt) return [open(strategy, `could not be judged (${reasonOf(failure)}); see the set-up above`)];
  const at = names.indexOf(refusedAt.step);
  return names.map((name, index) => {
    if (index < at) return fine(name);
    return index === at ? wrong(name, refusedAt.text) : open(name, 'not reached');
  });
}

const reasonOf = (failure: object & { kind: string }): string =>
  'operation' in failure ? `${failure.kind}: ${String(failure.operation)}` : failure.kind;

/** Whose it is, where it was issued here and that can be told without its secret. */
async function recorded(center: Center, { strategy, value }: Presented): Promise<Check[]> {
  const keys = { PRINCIPAL_KEY: principalKey(center.config) };
  const subject = strategies[strategy].presentation.subject(value, keys);
  if (subject === undefined) return [];
  const { credentials } = center.store();
  const found = await Promise.all(issuersFor(strategy).map((name) => credentials.bySubject(name, subject)));
  return found.flatMap((known) => (known ? [recordOf(known, center.clock())] : []));
}
