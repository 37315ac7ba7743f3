/** The answer of a route: a page, or a redirect. */
export type Answer = PageAnswer | { readonly goTo: string };

export interface PageAnswer {
  /** Name of its template. */
  readonly template: string;
  readonly title: string;
  readonly data: object;
  readonly status: number;
  /** The seconds after which the browser reloads the page. */
  readonly againAfter?: number;
  /** Origins that the page's script may call beside the portal's own. */
  readonly callsTo?: readonly string[];
}

export const page = (template: string, title: string, data: object = {}, status = 200): PageAnswer => ({
  template,
  title,
  data,
  status,
});

/** Redirects with 303, so that the browser GETs the next page, also after a form. */
export const goTo = (path: string): Answer => ({ goTo: path });
