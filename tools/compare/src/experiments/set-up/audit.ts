import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Finding } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import type { World } from '../../world/world.js';
import type { SetUp } from './one-set-up.js';

type Audit = Pick<Finding, 'value' | 'text' | 'rating' | 'evidence'>;

const logIn = { section: '10', tag: 'D' } as const;

/** Returns whether FusionAuth has a record of the credential’s use. */
export async function auditOf(world: World, { kind }: Mode, { id, requests }: SetUp): Promise<Audit> {
  if (kind === 'api-key') return untraced('9', '#507 #2802');
  if (kind === 'machine-token') return untraced('19', '#3315');
  const expected = kind === 'email-token' ? requests : 1;
  const records = await loginRecords(world, id, expected);
  if (records === undefined) return auditBy(expected, requests, { kind: 'as-documented', ...logIn });
  return auditBy(records, requests, world.fact(logIn.section, logIn.tag));
}

const untraced = (section: string, tag: string): Audit => ({
  value: false,
  text: 'no: FusionAuth does not record its use',
  rating: 'poor',
  evidence: { kind: 'as-documented', section, tag },
});

/** Derives the audit from the number of login records for the given number of requests. */
export function auditBy(records: number, requests: number, evidence: Finding['evidence']): Audit {
  const found = `${records} login record${records === 1 ? '' : 's'} for ${requests} requests`;
  const more = evidence === undefined ? {} : { evidence };
  if (records === 0) return { value: false, text: `no: ${found}`, rating: 'poor', ...more };
  return records >= requests
    ? { value: true, text: `yes, each check: ${found}`, rating: 'good', ...more }
    : { value: true, text: `the log-in, not the requests: ${found}`, rating: 'fair', ...more };
}

const answer = z.object({ logins: z.array(z.unknown()).default([]) });

/** FusionAuth writes a login record some time after the log-in. */
const triesAt = (world: World): number => (world.version === 'sandbox' ? 1 : 10);
const pauseMs = 1_000;

/**
 * Returns FusionAuth's login records of a user; undefined where they may not be read. Waits for `expected` of them for
 * a while.
 */
async function loginRecords(world: World, userId: string, expected: number): Promise<number | undefined> {
  const path = `/api/system/login-record/search?userId=${userId}&numberOfResults=100`;
  for (let left = triesAt(world); ; left -= 1) {
    const { status, body } = await world.admin.ask('GET', path, { tenant: world.realm.tenantId });
    if (status !== 200) return undefined;
    const found = answer.parse(body ?? {}).logins.length;
    if (found >= expected || left <= 1) return found;
    await delay(pauseMs);
  }
}
