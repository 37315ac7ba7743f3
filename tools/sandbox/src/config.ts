import { z } from 'zod';
import { commonSettings, line, port, setting } from '#gatehouse/platform';

/** The settings of the sandbox. Secrets are not among them: it reads those that its kickstart file names. */
export const sandboxSchema = z.object({
  ...commonSettings,
  PORT: setting(port().default(9011), { about: 'port to listen on, 0 picks a free one', example: '9011' }),
  DATA_DIR: setting(line().default('.data'), {
    about: 'where the instance and its secrets are kept',
    example: '.data',
  }),
  KICKSTART_FILE: setting(line().optional(), {
    about: 'FusionAuth kickstart file that sets up an empty instance',
    example: 'deploy/kickstart/kickstart.json',
  }),
});
