import { renderUnicodeCompact } from 'uqr';
import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import type { Environment } from '#gatehouse/platform';

/** White on black in every terminal, because cameras read dark modules on a light ground. */
const asDrawn = (line: string) => `\u001B[97;40m${line}\u001B[0m`;

/** Tells whether a picture can be shown: on capable terminals, unless NO_COLOR is set. */
export const drawsPictures = (
  { NO_COLOR, TERM }: Environment,
  streams: readonly { readonly isTTY?: boolean }[],
): boolean => streams.every(({ isTTY }) => isTTY) && !NO_COLOR && TERM !== 'dumb';

/** Returns the text that asks a person to approve a device. The address comes last, alone on its line. */
export function approvalText(request: ApprovalRequest, withPicture: boolean): string {
  const { userCode, verificationUri, verificationUriComplete = verificationUri, expiresInSeconds } = request;
  const picture = withPicture
    ? [...renderUnicodeCompact(verificationUriComplete, { border: 2 }).split('\n').map(asDrawn), '']
    : [];
  const minutes = Math.max(1, Math.round(expiresInSeconds / 60));
  return [
    '',
    ...picture,
    `Open ${verificationUri} and type this code, within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}:`,
    '',
    `    ${userCode}`,
    '',
    'Or open the address with the code in it:',
    `    ${verificationUriComplete}`,
    '',
    'Approve only a request that you started yourself: the program will act as you. Waiting. Ctrl-C stops.',
    '',
  ].join('\n');
}
