/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** Undefined: could not be looked at, or says nothing either way. */
  readonly ok?: boolean;
  /** What is wrong and what to do, or what was found. */
  readonly text?: string;
}

export const fine = (name: string, text?: string): Check => ({
  ...{ name, ok: true },
  ...(text === undefined ? {} : { text }),
});
export const wrong = (name: string, text: string): Check => ({ name, ok: false, text });
export const open = (name: string, text: string): Check => ({ name, text });

export function shownChecks(checks: readonly Check[]): string[] {
  const mark = { true: '✓', false: '✗', undefined: '-' };
  return checks.map(
    ({ name, ok, text }) =>
      `${mark[String(ok) as keyof typeof mark]} ${name}${text === undefined ? '' : `: ${text}`}`,
  );
}
