import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  commonSettings,
  exitCodes,
  ExitError,
  httpUrl,
  runApp,
  secret,
  setting,
  type Logger,
} from '#gatehouse/platform';
import { z } from 'zod';
import { startSandbox } from '../../apps/sandbox/src/start-sandbox.js';
import { compareConversations } from './compare.js';
import { conversation } from './conversation.js';
import { converse } from './converse.js';
import { report } from './report.js';
import type { Exchange, Known } from './step.js';

const fromEnvFile = (about: string) =>
  secret({
    about: `${about}, from the env file of deploy/compose.yaml`,
    example: 'its value in deploy/.env',
  });

const schema = z.object({
  FUSIONAUTH_URL: setting(
    httpUrl()
      .optional()
      .refine(
        (url) => url !== undefined,
        'is not set: start a real FusionAuth as deploy/README.md says, then name its address',
      )
      .transform(String),
    {
      about:
        'a real FusionAuth, set up by deploy/kickstart/kickstart.json; the comparison adds and removes a user',
      example: 'http://127.0.0.1:9011',
    },
  ),
  FUSIONAUTH_BOOTSTRAP_KEY: fromEnvFile('key that may do everything'),
  FUSIONAUTH_MANAGER_KEY: fromEnvFile('key that manages keys'),
  FUSIONAUTH_API_KEY: fromEnvFile('key of the Todo API'),
  FUSIONAUTH_CLIENT_SECRET: fromEnvFile('client secret of the application'),
  LOG_LEVEL: setting(commonSettings.LOG_LEVEL.unwrap().default('silent'), {
    about: 'least level that is logged',
    example: 'info',
  }),
});

/** The same conversation with a sandbox of its own, in a directory that goes afterwards. */
async function askSandbox(log: Logger): Promise<Exchange[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-fidelity-'));
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log });
  try {
    return await converse(sandbox, conversation);
  } finally {
    await sandbox.close();
    rmSync(dataDir, { recursive: true });
  }
}

await runApp({
  name: 'test:fidelity',
  about:
    'sends the same requests to a real FusionAuth and to the sandbox, and compares statuses and shapes of bodies',
  usage: [
    'npm run test:fidelity   with FUSIONAUTH_URL and the keys of that FusionAuth in the environment',
    '',
    'Exit codes: 0 nothing differs, 1 something does, 4 FusionAuth cannot be reached, 78 bad configuration.',
  ],
  schema,
  async start({ FUSIONAUTH_URL: url, LOG_LEVEL: _level, ...config }, { log }) {
    const secrets: Known = Object.fromEntries(
      Object.entries(config).map(([name, value]) => [name, value.reveal()]),
    );
    const real = await converse({ url, secrets }, conversation).catch((cause: unknown) => {
      throw new ExitError(
        `FusionAuth at ${url} does not answer: check that it runs and that FUSIONAUTH_URL is right.`,
        exitCodes.unavailable,
        { cause },
      );
    });
    const comparisons = compareConversations(real, await askSandbox(log));
    process.stdout.write(report(comparisons));
    return comparisons.some(({ differences }) => differences.length > 0) ? 1 : exitCodes.done;
  },
});
