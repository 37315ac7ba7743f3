import { z } from 'zod';
import { commonSettings, line, port, setting } from '#gatehouse/platform';

/** The settings of the sandbox, without secrets: it reads those that its kickstart file names. */
export const sandboxSchema = z.object({
  ...commonSettings,
  PORT: setting(port().default(9011), { about: 'port to listen on, 0 picks a free one', example: '9011' }),
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory that stores the instance and its secrets',
    example: '.data',
  }),
  KICKSTART_FILE: setting(line().optional(), {
    about: 'FusionAuth kickstart file that sets up an empty instance',
    example: 'deploy/kickstart/kickstart.json',
  }),
});
