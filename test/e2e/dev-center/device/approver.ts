import { readHiddenFields } from '../portal/html.js';
import type { Person } from '../portal/portal-world.js';

/**
 * Approves a device as a person at a browser: opens the address, which leads to FusionAuth's page, types the code where the
 * address has none, and logs in. Resolves with the text of the last page.
 */
export async function approve(address: string, person: Person, typed?: string): Promise<string> {
  const shown = await fetch(address);
  const page = await shown.text();
  const code = typed ?? /name="interactive_user_code"[^>]*value="(\w+)"/s.exec(page)?.[1] ?? '';
  const logIn = await submit(shown.url, page, { interactive_user_code: code });
  return submit(shown.url, logIn, { loginId: person.email, password: person.password });
}

async function submit(url: string, page: string, fields: Record<string, string>): Promise<string> {
  const form = readHiddenFields(page);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const answer = await fetch(new URL('/oauth2/device', url), { method: 'POST', body: form });
  return answer.text();
}
