/** The result of one check. */
export interface Check {
  readonly name: string;
  /** Undefined: could not be checked, or says nothing either way. */
  readonly ok?: boolean;
  /** The fault and its cure, or the finding. */
  readonly text?: string;
}

export const passed = (name: string, text?: string): Check => ({
  name,
  ok: true,
  ...(text !== undefined && { text }),
});
export const failed = (name: string, text: string): Check => ({ name, ok: false, text });
export const unchecked = (name: string, text: string): Check => ({ name, text });

/** Tells whether a check failed because FusionAuth does not answer, so that nothing else could be checked. */
export const isUnavailable = ({ ok, name }: Check): boolean => ok === false && name === 'FusionAuth';
