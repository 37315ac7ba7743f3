import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sameSecret } from '#gatehouse/platform';
import type { Answer } from './answer.js';
import type { MailStore } from './mail-store.js';

/** Is part of the form that deletes mails. Another site cannot read it. */
export const formToken = randomBytes(32).toString('base64url');

const maxFormLength = 1_000;

/**
 * Deletes the mails that the form showed, and keeps later ones. Only a form of the mailbox's own page is accepted: one
 * of another site has another Origin (Fetch standard, section 3.1) and no token.
 */
export async function clearMails(request: IncomingMessage, store: MailStore): Promise<Answer> {
  const form = await readForm(request);
  const { origin, host = '' } = request.headers;
  if (origin !== `http://${host}`)
    return refusal('The form did not come from the mailbox. Open it by its address.');
  if (!sameSecret(form.get('formToken') ?? '', formToken))
    return refusal('The form was made before the mailbox restarted. Open the mailbox again.');
  store.clear(Number(form.get('through')));
  return { status: 303, type: 'text/plain', body: '', headers: { location: '/' } };
}

const refusal = (why: string): Answer => ({
  status: 403,
  type: 'text/plain',
  body: `No mail was deleted. ${why}\n`,
});

/** Reads a form up to the length of the longest one that our pages send, and drops the rest. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) if (text.length < maxFormLength) text += String(part);
  return new URLSearchParams(text);
}
