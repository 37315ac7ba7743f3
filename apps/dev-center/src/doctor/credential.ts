import { explain, strategies } from '#gatehouse/auth';
import { principalKey } from '../config.js';
import type { CommandContext } from '../context.js';
import { issuersFor } from '../issuers/index.js';
import { type Check, failed, passed, unchecked } from './check.js';
import { missingFor, openGuard, validationOf } from './guard.js';
import { type Presented, presentedBy } from './presented.js';
import { checkOfRecord, checkStoredSecret } from './stored-secret.js';

/**
 * Checks step by step whether the Todo API would accept the credential, and at which step it is refused. Never shows
 * it.
 */
export async function checkCredential(context: CommandContext, text: string): Promise<Check[]> {
  const sent = presentedBy(text);
  if (sent) return [...(await recordsOf(context, sent)), ...(await tried(context, sent))];
  const { checks, presented } = await checkStoredSecret(context, text.trim());
  return [...checks, ...(presented ? await tried(context, presented) : [])];
}

/** Returns its record, if it was issued here and its subject can be read without a secret. */
async function recordsOf(context: CommandContext, { strategy, value }: Presented): Promise<Check[]> {
  const { config, credentials, clock } = context;
  const keys = { PRINCIPAL_KEY: principalKey(config) };
  const subjects = strategies[strategy].presentation.subjects(value, keys);
  const rows = issuersFor(strategy).flatMap((name) =>
    subjects.map((subject) => credentials.bySubject(name, subject)),
  );
  const found = await Promise.all(rows);
  return found.flatMap((known) => (known ? [checkOfRecord(known, clock())] : []));
}

async function tried(context: CommandContext, presented: Presented): Promise<Check[]> {
  const { strategy } = presented;
  const missing = missingFor(context, strategy);
  if (missing.length > 0) return [unchecked(strategy, `cannot be tried here: ${missing.join('; ')}`)];
  const on = context.config.AUTH_STRATEGY?.includes(strategy) ?? true;
  const off = on ? [] : [failed(strategy, 'the Todo API ignores it: AUTH_STRATEGY does not include it')];
  const guard = await openGuard(context, [strategy], context.guardMemory);
  try {
    return [...off, ...(await judged(context, guard, presented))];
  } finally {
    guard.close();
  }
}

async function judged(
  context: CommandContext,
  guard: Awaited<ReturnType<typeof openGuard>>,
  { strategy, request }: Presented,
): Promise<Check[]> {
  const { verdict } = await guard.authenticate(request);
  const { reasons } = strategies[strategy];
  const names = Object.keys(reasons).filter(
    (name) => name !== 'session' || validationOf(context) !== 'local',
  );
  if (verdict.ok) {
    const { roles, subject } = verdict.principal;
    const having = roles.join(', ') || 'no role';
    return [...names.map((name) => passed(name)), passed('accepted', `as ${subject} with ${having}`)];
  }
  const { failure } = verdict;
  // The form is the first step of every strategy.
  const refusedAt =
    failure.kind === 'malformed'
      ? { step: 'form', text: failure.detail }
      : 'reason' in failure && explain(reasons, failure.reason);
  if (!refusedAt) {
    const why = 'operation' in failure ? `${failure.kind}: ${failure.operation}` : failure.kind;
    return [unchecked(strategy, `could not be checked (${why}); see the set-up above`)];
  }
  const at = names.indexOf(refusedAt.step);
  return names.map((name, index) => {
    if (index < at) return passed(name);
    return index === at ? failed(name, refusedAt.text) : unchecked(name, 'not reached');
  });
}
