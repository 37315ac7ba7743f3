import { z } from 'zod';
import { type Arguments, commaList, flagOption, option } from '#gatehouse/platform';
import { modeIds } from './modes.js';
import { sectionIds } from './report.js';

const modeList = commaList(
  z.enum(modeIds, `must be some of ${modeIds.map((id) => `'${id}'`).join(', ')}`),
).refine((list) => list.length > 0, 'must name a mode');

export const options = {
  out: option(z.string().min(1, 'needs a directory to write to').optional(), {
    value: 'DIR',
    about: 'writes the report here: index.html, report.md, pictures, report.json',
  }),
  json: option(z.string().min(1, 'needs a file to write to').optional(), {
    value: 'FILE',
    about: 'writes the report as JSON',
  }),
  only: option(modeList.optional(), {
    value: 'MODE,…',
    about: 'only these modes, jwt/local,api-key for example',
  }),
  sections: option(commaList(z.enum(sectionIds, `must be some of ${sectionIds.join(', ')}`)).optional(), {
    value: 'LIST',
    about: 'only these sections of the report, cost,calls for example',
  }),
  full: flagOption('more repeats, and longer: half an hour in place of five minutes'),
};

export type CompareArguments = Arguments<typeof options>;

export const about = `every strategy and mode side by side: what it costs, how soon a credential ends, what happens in an outage

Usage:
  npm run compare -- --out DIR      all modes on embedded parts, within five minutes

CPU time is measured alone and first: leave the machine to it.`;

export const notes = `Modes: ${modeIds.join(', ')}

Exit codes: 0 the report is complete; 1 something could not be measured, and the report says what; 2 wrong usage;
130, 143 stopped by a signal, after writing what there is.`;
