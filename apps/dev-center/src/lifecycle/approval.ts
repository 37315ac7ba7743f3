import { z } from 'zod';
import {
  type ApprovalRequest,
  DeviceGrantError,
  type DeviceTokens,
  walkDeviceGrant,
} from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { CommandIO } from '../commands/command.js';
import type { CommandContext } from '../context.js';

const grant = 'urn:ietf:params:oauth:grant-type:device_code';
const applicationRecord = z.object({
  oauthConfiguration: z.object({
    clientAuthenticationPolicy: z.string().optional(),
    enabledGrants: z.array(z.string()).default([]),
  }),
});

/** A session that a person has approved and that has no row yet. */
export interface Approved {
  readonly tokens: DeviceTokens;
  /** FusionAuth requires the application's secret at each refresh, because the device grant has no PKCE. */
  readonly needsSecret: boolean;
}

/**
 * Asks a person to approve a session, and waits. Stores nothing in the meantime, so that an interruption leaves nothing
 * behind; a session that is approved at that moment is revoked. Throws an ExitError if no session was approved.
 */
export async function awaitApproval(
  context: CommandContext,
  io: CommandIO,
  show: (request: ApprovalRequest) => void,
): Promise<Approved> {
  const { config, clock, pause } = context;
  const needsSecret = await requireDeviceGrant(context);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(io.signal ? [io.signal] : [])]);
  const walked = walkDeviceGrant({
    url: config.FUSIONAUTH_URL,
    clientId: config.FUSIONAUTH_APPLICATION_ID,
    clientSecret: config.FUSIONAUTH_CLIENT_SECRET,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    ...{ clock, pause, show, report: io.report, signal },
  }).then(async (tokens) => {
    if (signal.aborted) await dropSession(context, tokens.sessionId, io);
    signal.throwIfAborted();
    return tokens;
  });
  io.beforeExit?.('device grant', () => {
    stop.abort();
    return walked.catch(() => undefined);
  });
  const tokens = await walked.catch((error: unknown) => {
    throw signal.aborted ? stopped() : explained(error);
  });
  return { tokens, needsSecret };
}

/** Revokes a session that will not become a credential. Reports one that could not be revoked; never throws. */
export const dropSession = (
  { control, log }: CommandContext,
  sessionId: string,
  { report }: CommandIO,
): Promise<void> =>
  control()
    .sessions.end(sessionId)
    .catch((error: unknown) => {
      log.warn({ err: error, session: sessionId }, 'a device session was not ended');
      report(`The session ${sessionId} could not be ended: end it in FusionAuth (the person's Sessions).`);
    });

/** Returns whether each request needs the client secret. Throws an ExitError 78 if the grant would fail at its end. */
async function requireDeviceGrant({ control, config }: CommandContext): Promise<boolean> {
  const read = applicationRecord.safeParse(await control().setup.application.read());
  const oauth = read.data?.oauthConfiguration;
  if (!oauth?.enabledGrants.includes(grant))
    throw misconfigured('The application does not have the device grant: "npm run provision" enables it.');
  const needsSecret = oauth.clientAuthenticationPolicy !== 'NotRequired';
  if (needsSecret && !config.FUSIONAUTH_CLIENT_SECRET) {
    throw misconfigured(
      'FUSIONAUTH_CLIENT_SECRET is not set. The device grant has no PKCE, so FusionAuth gives tokens only for the secret ' +
        'of the application (Applications, OAuth): set it, or set Client Authentication of the application to Not required.',
    );
  }
  return needsSecret;
}

const misconfigured = (text: string) => new ExitError(text, exitCodes.badConfiguration);
const stopped = () => new ExitError('Stopped. Nothing was issued.', exitCodes.workHeld);

const endings: Readonly<Record<string, string>> = {
  access_denied: 'The approval was refused. Nothing was issued.',
  expired_token:
    'Nobody approved before the code expired. Nothing was issued: run the command again for a new code.',
  no_session:
    'FusionAuth gave no refresh token. The application must generate refresh tokens and have the refresh grant: "npm run provision".',
  invalid_request:
    'FusionAuth no longer knows the code: its answer to the approval was lost, or FusionAuth was restarted. Run the ' +
    'command again. If somebody approved, a session whose token nobody has remains: end it in FusionAuth (the person’s Sessions).',
  invalid_client: 'FusionAuth refuses FUSIONAUTH_CLIENT_SECRET: copy the secret of the application again.',
};

function explained(error: unknown): unknown {
  if (error instanceof DeviceGrantError) {
    const text =
      endings[error.error] ?? `FusionAuth refused the device grant (${error.error}). Nothing was issued.`;
    const settings = ['invalid_client', 'no_session'].includes(error.error);
    return new ExitError(text, settings ? exitCodes.badConfiguration : exitCodes.workHeld, { cause: error });
  }
  return new ExitError(
    `FusionAuth could not start a device session (${(error as Error).message}). Nothing was issued: check whether it ` +
      'is running at FUSIONAUTH_URL, and repeat the command.',
    exitCodes.unavailable,
    { cause: error },
  );
}
