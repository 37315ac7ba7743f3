import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createSource, credentialSettings, type CredentialSource } from '#gatehouse/credentials';
import { createLogger, parseConfig, systemClock, writePrivateFile } from '#gatehouse/platform';
import type { HandOver } from '../../../../apps/dev-center/src/issuers/issuer.js';

/** A client's credential store, as the Reminder App has it. */
export interface Client {
  readonly source: CredentialSource;
  /** Returns the headers of its next request. */
  headers(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

const withinMs = 15_000;

/** Creates a client that received a credential and reaches FusionAuth at `url`. */
export async function clientWith({ settings, secret }: HandOver, url: string): Promise<Client> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const file = join(directory, 'refresh-token');
  const isInFile = settings['CREDENTIAL_SOURCE'] === 'jwt';
  if (isInFile) writePrivateFile(file, `${secret.value.reveal()}\n`);
  const stored = isInFile ? { REFRESH_TOKEN_FILE: file } : { [secret.name]: secret.value.reveal() };
  const config = parseConfig(z.object(credentialSettings), { ...settings, ...stored });
  const log = createLogger('client', 'silent');
  const source = createSource(config, { issuerUrl: url, clock: systemClock, log });
  return {
    source,
    headers: async () => Object.fromEntries(await source.authorization(AbortSignal.timeout(withinMs))),
    async close() {
      await source.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
