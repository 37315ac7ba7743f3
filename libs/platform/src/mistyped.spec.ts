import { z } from 'zod';
import { mistypedSettings } from './mistyped.js';
import { optionalSecret, setting } from './setting.js';

const text = (name: string) => ({ [name]: setting(z.string(), { about: name, example: '' }) });
const schema = z.object({
  ...text('AUTH_STRATEGY'),
  ...text('LOG_LEVEL'),
  ...text('MAIL_DIR'),
  ...text('PORT'),
  ...text('HOST'),
  DATABASE_URL: optionalSecret({ about: 'url', example: '' }),
  API_KEY: optionalSecret({ about: 'key', example: '' }),
});
const said = (environment: Record<string, string>) => mistypedSettings([schema], environment);

describe('a variable whose name is nearly that of a setting', () => {
  it.each([
    // cspell:ignore STRATEGIE STRATGEY DATABSE DATBSE OLG DRI LVL LEVLE LEVXE LEVLX
    ['AUTH_STRATEGIE', 'AUTH_STRATEGY'],
    ['AUTH_STRATGEY', 'AUTH_STRATEGY'],
    ['auth_strategy', 'AUTH_STRATEGY'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URL_FIL', 'DATABASE_URL_FILE'],
    ['DATBSE_URL', 'DATABASE_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['OLG_LEVEL', 'LOG_LEVEL'],
    ['MAIL_DRI', 'MAIL_DIR'],
  ])('%s is named with %s, and its value is not', (given, meant) => {
    expect(said({ [given]: 'hunter2' })).toEqual([`${given} is not a setting: did you mean ${meant}?`]);
  });

  it('is left alone where that setting is set, or the variable empty', () => {
    expect(said({ DATABASE_URI: 'x', DATABASE_URL: 'y' })).toEqual([]);
    expect(said({ DATABASE_URI: 'x', DATABASE_URL_FILE: 'y' })).toEqual([]);
    expect(said({ DATABASE_URL_FIL: 'x', DATABASE_URL: 'y' })).toEqual([]);
    expect(said({ DATABASE_URI: '' })).toEqual([]);
  });

  it.each([
    ...[
      'PATH',
      'HOME',
      'POST',
      'PORTS',
      'HOSTS',
      'APP_KEY',
      'API_KEYS',
      'HOSTNAME',
      'LOGNAME',
      'XDG_DATA_DIRS',
    ],
    ...['npm_config_loglevel', 'npm_package_name', 'KUBERNETES_PORT', 'DATABASE_PASSWORD', 'POSTGRES_URL'],
    ...['host', 'LOX_LEVLE', 'LOG_LEVXE', 'LOG_LEVLX', 'G_LEVELS'],
    ...['LOG_LVL', 'AUTH_STRATUM', 'REDIS_URL', 'NODE_OPTIONS', 'MY_DATABASE_URL'],
  ])('is no ordinary one: %s', (name) => expect(said({ [name]: 'x' })).toEqual([]));
});
