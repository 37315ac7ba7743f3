/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** Undefined: could not be looked at, or says nothing either way. */
  readonly ok?: boolean;
  /** The fault and its cure, or the finding. */
  readonly text?: string;
}

export const fine = (name: string, text?: string): Check => ({
  name,
  ok: true,
  ...(text !== undefined && { text }),
});
export const wrong = (name: string, text: string): Check => ({ name, ok: false, text });
export const open = (name: string, text: string): Check => ({ name, text });

/** The check of FusionAuth that failed because it does not answer, so that nothing else could be looked at. */
export const isAway = ({ ok, name }: Check): boolean => ok === false && name === 'FusionAuth';
