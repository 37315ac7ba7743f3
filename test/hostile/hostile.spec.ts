import { readFileSync } from 'node:fs';
import type { EngineName } from '../../libs/auth/src/strategies/jwt/engines/index.js';
import { attack } from '../../tools/attack/src/attack.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import type { HostileKind, LegalKind } from '../../tools/attack/src/corpus/kind.js';
import type { Mint } from '../../tools/attack/src/corpus/mint.js';
import { type Issuer, startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { mutations } from '../../tools/attack/src/mutations/mutations.js';
import type { Results, Tried } from '../../tools/attack/src/outcome.js';
import { sender } from '../../tools/attack/src/request.js';
import { developmentTarget, type Mode, modes } from '../../tools/attack/src/target.js';
import { cell, documentFile } from './document.js';
import { guardConfig } from './guard-config.js';
import { openGuardedApi } from './guarded-api.js';

const seed = Math.floor(Math.random() * 1e9);
// Time stands still, so that a token made once can be presented to every door.
const now = Date.now();
const clock = () => now;

/** Makes its token only once: signing is most of the cost. */
function once<K extends HostileKind | LegalKind>(kind: K): K {
  let made: ReturnType<K['make']> | undefined;
  return { ...kind, make: (mint: Mint) => (made ??= kind.make(mint) as ReturnType<K['make']>) };
}

const spoiled = mutations(seed, 500).map(once);
const hostile = hostileKinds.map(once);
const legal = legalKinds.map(once);
const spoiledFor = (mode: Mode) => spoiled.filter(({ noticedBy }) => noticedBy.includes(mode));
const hostileTo = (mode: Mode) => hostile.filter(({ noticedBy }) => noticedBy.includes(mode));
const legalTo = (mode: Mode) => legal.filter(({ acceptedBy }) => acceptedBy.includes(mode));

const titled = (kinds: readonly HostileKind[]) =>
  kinds.map((kind) => [`${kind.group}: ${kind.name} (${kind.ids.join(', ')})`, kind] as const);
const seen = ({ kind, answer, note }: Tried<HostileKind>) => ({
  name: kind.name,
  note,
  answer: [answer?.status, answer?.code],
});

/** Every mode with the default engine, and with the other engine where FusionAuth is not called afterwards. */
const columns: readonly (readonly [title: string, mode: Mode, engine: EngineName])[] = [
  ...modes.map((mode) => [mode, mode, 'node'] as const),
  ['local (passport-jwt)', 'local', 'passport-jwt'],
];

describe.each(columns)('in the mode %s', (_title, mode, engine) => {
  let results: Results;

  beforeAll(async () => {
    issuer ??= await startIssuer({ port: 0, target: developmentTarget, clock });
    const door = await openGuardedApi(guardConfig(issuer, mode, { JWT_ENGINE: engine }), clock);
    results = await attack({
      issuer,
      send: sender(door.url),
      paths: { any: '/me', role: '/todos' },
      hostile: [...hostileTo(mode), ...spoiledFor(mode)],
      legal: legalTo(mode),
      clock,
    }).finally(() => door.close());
  });

  it.each(titled(hostileTo(mode)))('refuses %s', (_title, kind) => {
    const tried = results.hostile.find((one) => one.kind === kind);
    expect([tried?.answer?.status, tried?.answer?.code]).toEqual(kind.refusal);
  });

  it.each(legalTo(mode).map((kind) => [kind.name, kind] as const))('accepts %s', (_name, kind) => {
    expect(results.legal.find((one) => one.kind === kind)?.answer?.status).toBe(200);
  });

  it(`refuses ${spoiledFor(mode).length} good tokens that were spoiled at random (seed ${seed})`, () => {
    const tried = results.hostile.filter(({ kind }) => kind.group === 'mutations');
    expect(tried).toHaveLength(spoiledFor(mode).length);
    const astray = tried.filter(
      ({ kind, answer }) => answer?.status !== kind.refusal[0] || answer.code !== kind.refusal[1],
    );
    expect(astray.map(seen)).toEqual([]);
  });

  it('has the results that docs/hostile-tokens.md reports', () => {
    const groups = new Set(results.hostile.map(({ kind }) => kind.group));
    const told = columnOf(`here, ${mode}`);
    for (const group of [...groups, 'every kind', 'legal, accepted'])
      expect([group, told.get(group)]).toEqual([group, cell(results, group)]);
  });

  it('fetches no address that only a token names (JWT-10)', () => {
    expect(results.lured).toEqual([]);
  });
});

const documentRows = readFileSync(documentFile, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | ').map((text) => text.replaceAll(/^\| | \|$|\\/g, '').trim()));

/** Returns the cells below a heading of the document's first table, by group. */
function columnOf(name: string): ReadonlyMap<string, string | undefined> {
  const place = documentRows[0]?.indexOf(name) ?? -1;
  return new Map(documentRows.map((row) => [row[0] ?? '', row[place]]));
}

describe(documentFile, () => {
  it('gives the number of requests sent to each peer: all that are not about roles', () => {
    const sent = hostileTo('local').filter(({ route }) => route === 'any').length;
    const counts = readFileSync(documentFile, 'utf8').matchAll(/refuses \d+ of the (\d+) kinds/g);
    expect([...counts].map(([, tried]) => Number(tried))).toEqual([sent, sent]);
  });

  it('names every kind of this corpus, with its reason', () => {
    const named = documentRows.slice(documentRows.findIndex(([head]) => head === 'kind') + 2);
    expect(named.map(([kind, _whose, why]) => `${kind} | ${why}`)).toEqual(
      hostileKinds.map(({ group, name, why }) => `${group}: ${name} | ${why}`),
    );
  });
});

let issuer: Issuer | undefined;
afterAll(() => issuer?.close());
