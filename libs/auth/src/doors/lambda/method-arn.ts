/** What API Gateway asks about: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`. */
export interface MethodArn {
  /** The whole of it. */
  readonly text: string;
  /** Every method and path of the stage, as a resource of an IAM policy. */
  readonly stage: string;
  readonly method: string;
  /** With the slash that it begins with. */
  readonly path: string;
}

const form =
  /^(arn:[\w-]+:execute-api:[\w-]*:[\w-]*:[\w-]+\/(?:[\w-]+|\$default))\/([A-Z]+(?:-[A-Z]+)*)(\/.*)?$/s;

/**
 * Whether a path would mean more than itself in the resource of a policy, by wildcards or policy variables (IAM User Guide,
 * Policy elements: Resource, Variables). It comes from the caller.
 */
export const isPattern = (path: string): boolean => /[*?]|\$\{/.test(path);

/** Returns undefined for any other ARN, such as those of WebSocket APIs. */
export function readMethodArn(text: unknown): MethodArn | undefined {
  const [, stage, method, path = '/'] = (typeof text === 'string' ? form.exec(text) : null) ?? [];
  return typeof text === 'string' && stage !== undefined && method !== undefined
    ? { text, stage: `${stage}/*`, method, path }
    : undefined;
}
