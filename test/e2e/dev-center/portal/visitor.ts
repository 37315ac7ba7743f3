import { setTimeout as delay } from 'node:timers/promises';
import { htmlText, readHiddenFields } from './html.js';

export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string | undefined;
  readonly body: string;
  /** The page as a reader sees it. */
  readonly text: string;
}

/** A person with a browser that runs no scripts: keeps cookies and follows no redirects. */
export class Visitor {
  /** The cookies of the portal by name. FusionAuth’s page needs none here. */
  readonly cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  /** Returns the page that follows those that reload themselves. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Shown> {
    let shown = await this.#ask(path, { headers });
    while (shown.headers.has('refresh')) {
      await delay(100);
      shown = await this.#ask(path, { headers });
    }
    return shown;
  }

  /** Posts a form as a page of the portal does: with its origin and the token of the session. */
  async post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Shown> {
    return this.send(
      path,
      { formToken: await this.formToken(), ...fields },
      { origin: this.url, ...headers },
    );
  }

  send(
    path: string,
    fields: Record<string, string> | [name: string, value: string][],
    headers: Record<string, string>,
  ): Promise<Shown> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** The session's token in every form. */
  async formToken(): Promise<string> {
    return readHiddenFields((await this.get('/')).body).get('formToken') ?? '';
  }

  async #ask(
    path: string,
    { headers, ...init }: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Shown> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, this.url), {
      ...init,
      redirect: 'manual',
      headers: { ...headers, ...(cookie && { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    const body = await answer.text();
    const location = answer.headers.get('location') ?? undefined;
    return { status: answer.status, headers: answer.headers, location, body, text: htmlText(body) };
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || /Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Opens the log-in page of FusionAuth and fills it in. Resolves with the address that leads back to the portal. */
  async atFusionAuth(
    { email, password }: { readonly email: string; readonly password: string },
    to = '/clients',
  ): Promise<string> {
    const begun = await this.get(`/login?to=${encodeURIComponent(to)}`);
    const page = new URL(begun.location ?? '', this.url);
    const form = readHiddenFields(await (await fetch(page)).text());
    form.set('loginId', email);
    form.set('password', password);
    const target = new URL(page.pathname, page);
    const answer = await fetch(target, { method: 'POST', body: form, redirect: 'manual' });
    return answer.headers.get('location') ?? `no redirect, ${answer.status}`;
  }

  /** Logs in. Resolves with the portal's answer when FusionAuth sends the browser back. */
  async logIn(person: { readonly email: string; readonly password: string }, to?: string): Promise<Shown> {
    return this.get(await this.atFusionAuth(person, to));
  }
}
