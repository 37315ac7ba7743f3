import { apiKeySubject } from '#gatehouse/auth';
import type { Center } from '../center.js';
import { principalKey } from '../config.js';
import { fine, open, wrong, type Check } from './check.js';
import { openGuard, validationOf } from './guard.js';
import { checkKept, recordOf } from './kept.js';
import { presentedBy, type Presented } from './presented.js';
import { steps, stepOf } from './reasons.js';

/** Step by step whether the Todo API would accept the credential, and at which step it is refused; never shows it. */
export async function checkCredential(center: Center, text: string): Promise<Check[]> {
  const sent = presentedBy(text);
  if (sent) return [...(await recorded(center, sent)), ...(await tried(center, sent))];
  const { checks, presented } = await checkKept(center, text.trim());
  return [...checks, ...(presented ? await tried(center, presented) : [])];
}

async function tried(center: Center, presented: Presented): Promise<Check[]> {
  const { strategy } = presented;
  if (strategy === 'email-token' && !center.config.FUSIONAUTH_API_KEY)
    return [
      open(strategy, 'cannot be tried: FUSIONAUTH_API_KEY, by which the Todo API asks, is not set here'),
    ];
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
  const names = steps[strategy]
    .map(({ name }) => name)
    .filter((name) => name !== 'session' || validationOf(center) !== 'local');
  if (verdict.ok) {
    const { roles, subject } = verdict.principal;
    // What an API key may do is the database's to say, not FusionAuth's.
    const having = strategy === 'api-key' ? '' : ` with ${roles.join(', ') || 'no role'}`;
    return [...names.map((name) => fine(name)), fine('accepted', `as ${subject}${having}`)];
  }
  const { failure } = verdict;
  const reason = 'reason' in failure ? failure.reason : failure.kind;
  const refusedAt = stepOf(strategy, reason);
  if (!refusedAt) return [open(strategy, `could not be judged (${reasonOf(failure)}); see the set-up above`)];
  return names.map((name, at) => {
    if (at < refusedAt.at) return fine(name);
    return at === refusedAt.at ? wrong(name, refusedAt.text) : open(name, 'not reached');
  });
}

const reasonOf = (failure: object & { kind: string }): string =>
  'operation' in failure ? `${failure.kind}: ${String(failure.operation)}` : failure.kind;

/** Whose it is, where it was issued here and that can be told without its secret. */
async function recorded(center: Center, { strategy, value }: Presented): Promise<Check[]> {
  const subject =
    strategy === 'api-key'
      ? apiKeySubject(value, { PRINCIPAL_KEY: principalKey(center.config) })
      : subjectOf(value);
  const issuers = strategy === 'jwt' ? ['jwt', 'client-credentials'] : [strategy];
  const found = await Promise.all(issuers.map((name) => center.store().credentials.bySubject(name, subject)));
  return found.flatMap((known) => (known ? [recordOf(known, center.clock())] : []));
}

/** The `sub` of a token whose signature nobody has looked at yet; enough for looking it up. */
function subjectOf(value: string): string {
  try {
    const payload = Buffer.from(value.split('.')[1] ?? '', 'base64url').toString();
    return String((JSON.parse(payload) as { sub?: unknown }).sub);
  } catch {
    return '';
  }
}
