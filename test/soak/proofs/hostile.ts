import 'reflect-metadata';
import { attack } from '../../../tools/attack/src/attack.js';
import { hostileKinds } from '../../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../../tools/attack/src/corpus/groups/legal.js';
import { type Issuer, startIssuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { mutations } from '../../../tools/attack/src/mutations/mutations.js';
import type { Results } from '../../../tools/attack/src/outcome.js';
import { sender } from '../../../tools/attack/src/request.js';
import { developmentTarget, type Mode, validations } from '../../../tools/attack/src/target.js';
import { guardConfig } from '../../hostile/guard-config.js';
import { openGuardedApi } from '../../hostile/guarded-api.js';
import type { Figures, Proof } from '../proof.js';

const spoiled = 20_000;

export const hostile: Proof = {
  name: 'hostile',
  about: `the corpus and ${spoiled} valid tokens mutated at random, in each mode: none is accepted, and no answer is 500 or above`,
  async run(say) {
    const seed = Math.floor(Math.random() * 1e9);
    const issuer = await startIssuer({ port: 0, target: developmentTarget });
    const figures: Record<string, number> = { seed };
    try {
      for (const mode of validations) {
        const results = await against(issuer, mode, seed, (done, total) => {
          if (done % 2_000 === 0) say(`${mode}: ${done} of ${total}`);
        });
        Object.assign(figures, figuresOf(mode, results));
        const wrong = wrongIn(results);
        if (wrong.length > 0) throw new Error(`${JSON.stringify(figures)}\n${wrong.slice(0, 20).join('\n')}`);
      }
    } finally {
      await issuer.close();
    }
    return figures;
  },
};

async function against(
  issuer: Issuer,
  mode: Mode,
  seed: number,
  progress: (done: number, total: number) => void,
): Promise<Results> {
  const door = await openGuardedApi(guardConfig(issuer, mode));
  return attack({
    issuer,
    send: sender(door.url),
    paths: { any: '/me', role: '/todos' },
    hostile: [
      ...hostileKinds.filter(({ noticedBy }) => noticedBy.includes(mode)),
      ...mutations(seed, spoiled),
    ],
    legal: legalKinds.filter(({ acceptedBy }) => acceptedBy.includes(mode)),
    progress,
  }).finally(() => door.close());
}

function figuresOf(mode: Mode, { hostile: tried, legal, lured }: Results): Figures {
  const count = (outcome: string) => tried.filter((one) => one.outcome === outcome).length;
  return {
    [`${mode}: hostile tried`]: tried.length,
    [`${mode}: let through`]: count('accepted'),
    [`${mode}: answers of 500 or more, or none`]: count('failed'),
    [`${mode}: legal accepted`]: legal.filter(({ outcome }) => outcome === 'accepted').length,
    [`${mode}: legal tried`]: legal.length,
    [`${mode}: addresses fetched that a token named`]: lured.length,
  };
}

/** Returns the names of the kinds that did not get their expected status and code. */
function wrongIn({ hostile: tried, legal, lured }: Results): string[] {
  const astray = tried.filter(
    ({ kind, answer }) => answer?.status !== kind.refusal[0] || answer.code !== kind.refusal[1],
  );
  return [
    ...astray.map(
      ({ kind, answer, note }) =>
        `${kind.group}: ${kind.name} ${note ?? ''} ${answer?.status} ${answer?.code}`,
    ),
    ...legal
      .filter(({ outcome }) => outcome !== 'accepted')
      .map(({ kind, answer }) => `legal: ${kind.name} ${answer?.status}`),
    ...lured,
  ];
}
