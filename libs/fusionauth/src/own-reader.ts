import type { z } from 'zod';
import { type Call, type FusionAuthDataSettings, ownHeaders, unexpected } from './transport.js';
import { FusionAuthRefusedUs } from './unavailable.js';

export type OwnReader = ReturnType<typeof ownReader>;

/**
 * Returns a function that reads one of FusionAuth's records with our own narrow key. It resolves with undefined if
 * the record does not exist (404) and throws {@link FusionAuthRefusedUs} if our key is refused (401) or not set, in
 * which case no call is made. Without a signal the transport's own deadline ends the call.
 */
export const ownReader =
  (call: Call, settings: FusionAuthDataSettings) =>
  async <S extends z.ZodType>(
    operation: string,
    path: string,
    schema: S,
    signal?: AbortSignal,
  ): Promise<z.output<S> | undefined> => {
    const refused = () => new FusionAuthRefusedUs(operation, 'FUSIONAUTH_API_KEY');
    if (!settings.apiKey) throw refused();
    const headers = ownHeaders(settings);
    const answer = await call(operation, { path, headers, ...(signal && { signal }) });
    if (answer.status === 401) throw refused();
    if (answer.status === 404) return undefined;
    const record = schema.safeParse(answer.body);
    if (!record.success) throw unexpected(operation, answer);
    return record.data;
  };
