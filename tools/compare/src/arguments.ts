import { z } from 'zod';
import {
  type Arguments,
  commaList,
  flagOption,
  httpUrl,
  option,
  outputFile,
  port,
} from '#gatehouse/platform';
import { modeIds } from './modes.js';
import { sectionIds } from './report.js';

const modeList = commaList(
  z.enum(modeIds, `must be some of ${modeIds.map((id) => `'${id}'`).join(', ')}`),
).refine((list) => list.length > 0, 'must name a mode');
const sectionList = commaList(z.enum(sectionIds, `must be some of ${sectionIds.join(', ')}`)).refine(
  (list) => list.length > 0,
  'must name a section',
);

/** The default directory of the newest report, which the Dev Center shows. */
const newest = '.data/comparison';

export const options = {
  out: option(z.string().min(1, 'needs a directory to write to').default(newest), {
    value: 'DIR',
    about: 'directory of the report, also for --serve and --choose: pages, Markdown, pictures, data',
  }),
  json: option(outputFile().optional(), {
    value: 'FILE',
    about: 'writes the report as JSON',
  }),
  against: option(httpUrl().optional(), {
    value: 'URL',
    about:
      'uses your own FusionAuth, in a separate tenant, instead of the sandbox; needs FUSIONAUTH_BOOTSTRAP_KEY',
  }),
  only: option(modeList.optional(), {
    value: 'MODE,…',
    about: 'only these modes, jwt/local,api-key for example',
  }),
  sections: option(sectionList.optional(), {
    value: 'LIST',
    about: 'only these sections of the report, cost,calls for example',
  }),
  full: flagOption('more and longer repeats: half an hour instead of five minutes'),
  serve: flagOption('measures nothing: shows the report in DIR to browsers of this machine'),
  port: option(port().default(0), {
    value: 'PORT',
    about: 'with --serve; 0 picks a free one',
  }),
  choose: option(z.string().optional(), {
    value: 'FILE',
    about:
      'measures nothing: ranks the modes by the answers in this JSON file, with reasons from the report in DIR',
  }),
  diff: option(z.string().optional(), {
    value: 'A.json B.json',
    about: 'measures nothing: prints what changed between two reports beyond the noise that both measured',
  }),
  other: option(z.string().optional(), { value: 'B.json', about: 'the second report of --diff' }),
  docs: flagOption(
    'measures nothing: writes docs/comparison.md, docs/claims.md, pictures and the table of README.md from docs/comparison.json',
  ),
};

/** Options that are given by position. */
export const positionals = ['other'];

export type CompareArguments = Arguments<typeof options>;

export const about = `every strategy and mode side by side: what it costs, how soon a revoked credential is refused, what happens in an outage

Usage:
  npm run compare                             all modes on embedded parts, within five minutes
  npm run compare -- --against https://auth.example.com    with your own FusionAuth
  npm run compare -- --serve                  the report in the browser, and which mode fits you
  npm run compare -- --choose ANSWERS.json    the same in the terminal
  npm run compare -- --diff A.json B.json     what changed between two runs

CPU time is measured alone and first: do not use the machine meanwhile.`;

export const notes = `Modes: ${modeIds.join(', ')}

Exit codes: 0 the report is complete; 1 something could not be measured, and the report says what, or --diff found a
change, or no mode fits the answers; 2 wrong usage; 3 the key of --against may not do what is needed; 4 the port is taken,
or the FusionAuth of --against does not answer or is too old; 75 another comparison is at work; 78 bad configuration;
130, 143 stopped by a signal, after writing what there is.`;
