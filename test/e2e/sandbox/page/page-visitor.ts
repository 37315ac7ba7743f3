import { request } from 'undici';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';

type Headers = Readonly<Record<string, string>>;

export interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Uses the sandbox's page as a browser does: keeps its cookie, and presses buttons of the forms on the page. */
export class PageVisitor {
  #cookie = '';

  constructor(readonly sandbox: Sandbox) {}

  async open(path = '/', headers: Headers = {}): Promise<Seen> {
    const seen = await this.#send('GET', path, undefined, { accept: 'text/html', ...headers });
    const [cookie] = [seen.headers['set-cookie'] ?? []].flat();
    if (cookie) this.#cookie = cookie.split(';')[0] ?? '';
    return seen;
  }

  /** Returns the token that is in the forms of the page. */
  async pageToken(): Promise<string> {
    const { text } = await this.open();
    return /name="pageToken" value="([\w-]+)"/.exec(text)?.[1] ?? '';
  }

  /** Posts the form of a button with the fields of the first form that contains all of `marks`. */
  async press(name: string, ...marks: string[]): Promise<Seen> {
    const { text } = await this.open();
    const forms = text.match(/<form[^]*?<\/form>/g) ?? [];
    const form = forms.find(
      (one) => one.includes(`/_sandbox/press/${name}"`) && marks.every((mark) => one.includes(mark)),
    );
    if (!form) throw new Error(`the page has no button ${name} with ${marks.join(' and ')}`);
    const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, field = '', value = '']) => [
      field,
      value,
    ]);
    return this.send(name, Object.fromEntries(fields) as Record<string, string>);
  }

  /** Posts any form to the address of a button, as the page would. */
  send(name: string, fields: Readonly<Record<string, string>>, headers: Headers = {}): Promise<Seen> {
    const form = new URLSearchParams(fields).toString();
    return this.#send('POST', `/_sandbox/press/${name}`, form, {
      'content-type': 'application/x-www-form-urlencoded',
      origin: this.sandbox.url,
      'sec-fetch-site': 'same-origin',
      ...headers,
    });
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    headers: Headers,
  ): Promise<Seen> {
    const answer = await request(this.sandbox.url + path, {
      method,
      headers: { cookie: this.#cookie, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, text: await answer.body.text(), headers: answer.headers };
  }
}
