/** The ARN of the requested method: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`. */
export interface MethodArn {
  /** The whole ARN. */
  readonly text: string;
  /** Every method and path of the stage, as a resource of an IAM policy. */
  readonly stage: string;
  readonly method: string;
  /** Begins with a slash. */
  readonly path: string;
}

const form =
  /^(arn:[\w-]+:execute-api:[\w-]*:[\w-]*:[\w-]+\/(?:[\w-]+|\$default))\/([A-Z]+(?:-[A-Z]+)*)(\/.*)?$/s;

/**
 * Tells whether a path would match more than itself in the resource of a policy, by wildcards or policy variables
 * (IAM User Guide, Policy elements: Resource, Variables). The path comes from the caller.
 */
export const isPattern = (path: string): boolean => /[*?]|\$\{/.test(path);

/** Parses an ARN; undefined for any other kind of ARN, such as those of WebSocket APIs. */
export function readMethodArn(given: unknown): MethodArn | undefined {
  const [text, stage = '', method = '', path = '/'] = form.exec(String(given)) ?? [];
  return text === undefined ? undefined : { text, stage: `${stage}/*`, method, path };
}
