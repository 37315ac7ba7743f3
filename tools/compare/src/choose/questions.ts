import type { CellReader } from '../cells.js';
import type { ReportMode } from '../report.js';
import {
  asksFusionAuth,
  costsCpu,
  endsInSeconds,
  type Finding,
  followsUser,
  livesOn,
  needsPerson,
  needsPlan,
  opens,
  servesOn,
} from './findings.js';

interface Asked {
  readonly answer: string;
  readonly mode: ReportMode;
  /** The modes to choose from. */
  readonly modes: readonly ReportMode[];
  readonly cells: CellReader;
}

export interface Question {
  readonly id: string;
  readonly asks: string;
  readonly answers: readonly { readonly id: string; readonly says: string }[];
  /** Throws NotMeasured where the report lacks the cell. */
  readonly find: (asked: Asked) => Finding | undefined;
}

const takesTokens = ({ environment }: ReportMode) => environment['AUTH_STRATEGY'] === 'jwt';

/** At most ten questions, each decided by cells of the report or by claims of the guide. */
export const questions: readonly Question[] = [
  {
    id: 'end',
    asks: 'You revoke access. When must it end?',
    answers: [
      { id: 'seconds', says: 'within seconds' },
      { id: 'expiry', says: 'once the token expires, within the hour' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'seconds' ? endsInSeconds(mode.id, cells) : undefined),
  },
  {
    id: 'management',
    asks: 'Do you want to lock a client or take its role by managing a user in FusionAuth?',
    answers: [
      { id: 'yes', says: 'yes' },
      { id: 'no', says: 'no, ending its credential is enough' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'yes' ? followsUser(mode.id, cells) : undefined),
  },
  {
    id: 'load',
    asks: 'How many requests a second, at the busiest time?',
    answers: [
      { id: 'few', says: 'up to a few hundred' },
      { id: 'many', says: 'thousands' },
    ],
    find: ({ answer, mode, modes, cells }) =>
      answer === 'many' ? costsCpu(mode.id, cells, modes) : undefined,
  },
  {
    id: 'clients',
    asks: 'How many clients call the API?',
    answers: [
      { id: '1', says: 'one or a few' },
      { id: '100', says: 'about a hundred' },
      { id: '10000', says: 'thousands' },
    ],
    find: ({ answer, mode, cells }) => asksFusionAuth(answer, mode.id, cells),
  },
  {
    id: 'outage',
    asks: 'FusionAuth is unavailable for a while. What may callers see?',
    answers: [
      { id: 'nothing', says: 'nothing of it' },
      { id: 'unavailable', says: '503 until it is back' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'nothing' ? servesOn(mode.id, cells) : undefined),
  },
  {
    id: 'person',
    asks: 'Can a person log in once for each client?',
    answers: [
      { id: 'yes', says: 'yes' },
      { id: 'no', says: 'no, everything must run by itself' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'no' ? needsPerson(mode.id, cells) : undefined),
  },
  {
    id: 'plan',
    asks: 'Which plan of FusionAuth do you have?',
    answers: [
      { id: 'community', says: 'Community' },
      { id: 'paid', says: 'a paid one' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'community' ? needsPlan(mode.id, cells) : undefined),
  },
  {
    id: 'client',
    asks: 'What can the client’s software do?',
    answers: [
      { id: 'oauth', says: 'use an OAuth library, and refresh its tokens' },
      { id: 'header', says: 'send one fixed header' },
    ],
    find: ({ answer, mode }) => {
      if (answer === 'oauth') {
        return takesTokens(mode)
          ? { points: 1, text: 'Standard tokens, for which libraries exist.', claim: 'jwt/standard' }
          : { points: 0, text: 'Its credential is not a standard token.', claim: 'jwt/standard' };
      }
      return takesTokens(mode)
        ? {
            points: -3,
            text: 'The client has to fetch tokens and renew them.',
            claim: 'jwt/complex-to-gather',
          }
        : { points: 2, text: 'The client only has to send a fixed secret.', claim: `${mode.id}/no-browser` };
    },
  },
  {
    id: 'leak',
    asks: 'A credential leaks. What would be worst?',
    answers: [
      { id: 'reach', says: 'that it gives access to something else at FusionAuth' },
      { id: 'life', says: 'that it keeps working unnoticed' },
    ],
    find: ({ answer, mode, cells }) => (answer === 'reach' ? opens(mode.id, cells) : livesOn(mode.id)),
  },
  {
    id: 'audit',
    asks: 'Must FusionAuth itself have a record of the log-in?',
    answers: [
      { id: 'yes', says: 'yes' },
      { id: 'no', says: 'no, the API’s own log is enough' },
    ],
    find: ({ answer, mode, cells }) => {
      if (answer === 'no') return undefined;
      return cells.value('set-up', 'audited', mode.id) === true
        ? { points: 1, text: 'FusionAuth records the log-in.' }
        : { points: -2, text: 'FusionAuth does not record its use.' };
    },
  },
];
