import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Call, unexpected } from './transport.js';

const groupAnswer = z.object({ group: z.object({ id: z.string() }) });

/**
 * FusionAuth's answer about a caller's API key. `elsewhere`: the key is valid, but its tenant does not have the probe
 * group.
 */
export type ProbeResult = 'good' | 'refused' | 'elsewhere';

/** The statuses of a permitted call for an id that does not exist. */
const permitted = [200, 400, 404];

/**
 * Makes calls with the caller's own key, which is sent as it is in `Authorization` (FusionAuth docs, Authentication).
 */
export function apiKeyProbe(call: Call, probeGroupId = '') {
  const get = (operation: string, path: string, key: string, signal: AbortSignal) =>
    call(operation, { path, headers: { authorization: key }, signal });
  return {
    /** Calls `GET /api/group/{probe}`: only 200 with that very group means that the key is valid. */
    probe: async (key: string, signal: AbortSignal): Promise<ProbeResult> => {
      const answer = await get('API key probe', `/api/group/${probeGroupId}`, key, signal);
      if (answer.status === 401) return 'refused';
      if (answer.status === 404) return 'elsewhere';
      const group = groupAnswer.safeParse(answer.body);
      if (!group.success || group.data.group.id !== probeGroupId) throw unexpected('API key probe', answer);
      return 'good';
    },
    /**
     * Resolves with whether the key permits more than the probe: it must not be able to read users or applications.
     * Only 401 means that it cannot; 404 means that the key was permitted.
     */
    opensMore: async (key: string, signal: AbortSignal): Promise<boolean> => {
      const paths = [`/api/user/${randomUUID()}`, `/api/application/${randomUUID()}`];
      const answers = await Promise.all(paths.map((path) => get('over-privilege check', path, key, signal)));
      const broken = answers.find(({ status }) => ![...permitted, 401].includes(status));
      if (broken) throw unexpected('over-privilege check', broken);
      return answers.some(({ status }) => permitted.includes(status));
    },
  };
}
