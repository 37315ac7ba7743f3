import { z } from 'zod';
import { commonSettings, exitCodes, ExitError, httpUrl, runApp, secret, setting } from '#gatehouse/platform';
import { askFusionAuth, askSandbox } from './ask.js';
import { compareConversations } from './compare.js';
import { conversation } from './conversation.js';
import { report } from './report.js';
import type { Known } from './step.js';

const withoutEntities =
  'Entities and client credentials were not compared: FusionAuth says that its plan lacks them.\n';

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
  printsResult: () => true,
  async start({ FUSIONAUTH_URL: url, LOG_LEVEL: _level, ...config }, { log }) {
    const secrets: Known = Object.fromEntries(
      Object.entries(config).map(([name, value]) => [name, value.reveal()]),
    );
    const real = await askFusionAuth({ url, secrets }).catch((cause: unknown) => {
      throw new ExitError(
        `FusionAuth at ${url} does not answer: check that it runs and that FUSIONAUTH_URL is right.`,
        exitCodes.unavailable,
        { cause },
      );
    });
    const comparisons = compareConversations(real, await askSandbox(log));
    process.stdout.write(report(comparisons));
    if (real.length === conversation.length) process.stdout.write(withoutEntities);
    return comparisons.some(({ differences }) => differences.length > 0) ? 1 : exitCodes.done;
  },
});
