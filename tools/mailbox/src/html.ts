/** Markup that is safe to send: everything interpolated into it was escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = Html | Text | readonly Html[];
type Text = string | number | undefined;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: Text): string =>
  text === undefined ? '' : String(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

function render(value: Value): string {
  if (value instanceof Html) return value.markup;
  return typeof value === 'object' ? value.map((part) => part.markup).join('') : escaped(value);
}

/** A tagged template whose values are escaped for element content and quoted attributes; `Html` passes as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((page, text, index) => page + render(values[index - 1]) + text));
}
