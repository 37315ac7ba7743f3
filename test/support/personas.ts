import type { Answers } from '../../tools/compare/src/choose/model.js';

export interface Persona {
  readonly who: string;
  readonly answers: Answers;
  /** The mode that ranks first by the figures of `sampleReport`. */
  readonly best: string;
}

/** Twenty people who have to choose, as their answers to the decision helper. */
export const personas: readonly Persona[] = [
  { who: 'has no answer yet', answers: {}, best: 'jwt/local' },
  {
    who: 'serves thousands of requests a second, and an hour of lag is fine',
    answers: { end: 'expiry', load: 'many', outage: 'nothing' },
    best: 'jwt/local',
  },
  { who: 'must end access within seconds', answers: { end: 'seconds' }, best: 'jwt/local+push' },
  {
    who: 'must end access within seconds, and may not be down with FusionAuth',
    answers: { end: 'seconds', outage: 'nothing' },
    best: 'jwt/local+push',
  },
  {
    who: 'has machines only, and a paid plan',
    answers: { person: 'no', plan: 'paid', client: 'oauth' },
    best: 'client-credentials',
  },
  { who: 'has machines only, and no plan', answers: { person: 'no', plan: 'community' }, best: 'api-key' },
  {
    who: 'has machines that send one header, with users to lock',
    answers: { person: 'no', client: 'header', management: 'yes', plan: 'community' },
    best: 'email-token',
  },
  {
    who: 'hands one key to a shell script',
    answers: { client: 'header', clients: '1', person: 'no' },
    best: 'api-key',
  },
  {
    who: 'fears that a key opens more at FusionAuth',
    answers: { leak: 'reach', client: 'header' },
    best: 'email-token',
  },
  { who: 'fears that a leaked secret lives for ever', answers: { leak: 'life' }, best: 'jwt/local' },
  { who: 'has thousands of clients', answers: { clients: '10000' }, best: 'jwt/local' },
  {
    who: 'has thousands of clients and must lock each',
    answers: { clients: '10000', management: 'yes', end: 'seconds' },
    best: 'jwt/local+push',
  },
  {
    who: 'wants every log-in in FusionAuth',
    answers: { audit: 'yes', client: 'header' },
    best: 'email-token',
  },
  {
    who: 'wants every log-in in FusionAuth, with OAuth',
    answers: { audit: 'yes', client: 'oauth' },
    best: 'jwt/local',
  },
  {
    who: 'manages people who log in themselves',
    answers: { person: 'yes', management: 'yes', end: 'seconds', client: 'oauth', plan: 'community' },
    best: 'jwt/local+push',
  },
  {
    who: 'runs an internal tool, one client, Community',
    answers: {
      person: 'yes',
      plan: 'community',
      clients: '1',
      end: 'expiry',
      load: 'few',
      audit: 'no',
      outage: 'unavailable',
    },
    best: 'jwt/local',
  },
  {
    who: 'guards a partner API by machine, ends access fast',
    answers: { person: 'no', plan: 'paid', end: 'seconds' },
    best: 'api-key',
  },
  {
    who: 'guards a partner API by machine, keeps serving',
    answers: { person: 'no', plan: 'paid', outage: 'nothing', load: 'many' },
    best: 'client-credentials',
  },
  {
    who: 'wants all of it at once',
    answers: {
      end: 'seconds',
      management: 'yes',
      load: 'many',
      clients: '10000',
      outage: 'nothing',
      person: 'yes',
      plan: 'community',
      client: 'oauth',
      leak: 'reach',
      audit: 'yes',
    },
    best: 'jwt/local+push',
  },
  {
    who: 'wants what no mode has: users to lock, one header, no plan and no record needed, thousands of clients',
    answers: { management: 'yes', client: 'header', plan: 'community', audit: 'no', clients: '10000' },
    best: 'email-token',
  },
];
