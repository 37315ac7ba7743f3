import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '#gatehouse/auth/nest';

interface Described {
  /** One line for the API description. */
  readonly summary: string;
  /** Optional request headers by name, with their meaning. */
  readonly takes?: Readonly<Record<string, string>>;
  /** Response headers by name, with their meaning. */
  readonly gives?: Readonly<Record<string, string>>;
}

type Result<S> = S extends z.ZodType ? z.input<S> : undefined;

/**
 * Declares the successful response of a handler: its status, the schema that its result is validated against and
 * stripped to, and its entry in the API description. A handler that returns something else does not compile.
 */
export function Answers<S extends z.ZodType | undefined>(status: number, schema: S, described: Described) {
  const headers = Object.entries(described.takes ?? {}).map(([name, description]) =>
    ApiHeader({ name, description, required: false }),
  );
  const decorate = applyDecorators(
    HttpCode(status),
    ...(schema ? [SerializeOptions({ schema })] : []),
    ApiResponse({
      status,
      description: 'Success',
      headers: headersOf(described.gives ?? {}),
      ...(schema ? { standardSchema: schema } : {}),
    }),
    ApiOperation({ summary: described.summary }),
    ...headers,
  );
  return <H extends (...args: never[]) => Result<S> | Promise<Result<S>>>(
    target: object,
    key: string,
    handler: TypedPropertyDescriptor<H>,
  ): void => decorate(target, key, handler);
}

/** Describes headers that a response always has, by name with their meaning, for the API description. */
export const headersOf = (gives: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(gives).map(([name, description]) => [
      name,
      { required: true, description, schema: { type: 'string' } } as const,
    ]),
  );

/** Makes a controller public, both in the guard and in the API description. */
export const Open = () => applyDecorators(Public(), ApiSecurity({}));
