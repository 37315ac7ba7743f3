import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { endProcess } from '#gatehouse/platform';
import { attack, type AttackSettings } from '../../tools/attack/src/attack.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import type { HostileKind } from '../../tools/attack/src/corpus/kind.js';
import { startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { mutations } from '../../tools/attack/src/mutations/mutations.js';
import { sender } from '../../tools/attack/src/request.js';
import { developmentTarget, type Mode, modes } from '../../tools/attack/src/target.js';
import { expressOauth2JwtBearerPeer } from '../support/peers/express-oauth2-jwt-bearer.js';
import { passportJwtPeer } from '../support/peers/passport-jwt.js';
import {
  type Column,
  documentFile,
  documentMutations,
  documentSeed,
  type PeerCounts,
  renderDocument,
} from './document.js';
import { guardConfig, settingsText } from './guard-config.js';
import { openGuardedApi } from './guarded-api.js';

// `npm run hostile-tokens`: runs the corpus against our guard in every mode, counts the refusals of its peers, and
// writes the document.

const issuer = await startIssuer({ port: 0, target: developmentTarget });

async function run(url: string, mode: Mode, paths: AttackSettings['paths'], hostile: readonly HostileKind[]) {
  const results = await attack({
    issuer,
    send: sender(url),
    paths,
    hostile: hostile.filter(({ noticedBy }) => noticedBy.includes(mode)),
    legal: legalKinds.filter(({ acceptedBy }) => acceptedBy.includes(mode)),
  });
  const unclear = results.hostile.filter(({ outcome }) => outcome === 'failed' || outcome === 'unclear');
  if (unclear.length > 0) throw new Error(`No verdict on ${unclear.length} kinds`);
  return results;
}

const columns: Column[] = [];
for (const mode of modes) {
  process.stdout.write(`this guard, ${mode}\n`);
  const door = await openGuardedApi(guardConfig(issuer, mode));
  const hostile = [...hostileKinds, ...mutations(documentSeed, documentMutations)];
  columns.push({
    name: `here, ${mode}`,
    settings: `\`${settingsText(mode)}\`, everything else by default.`,
    results: await run(door.url, mode, { any: '/me', role: '/todos' }, hostile).finally(() => door.close()),
  });
}
const peers: PeerCounts[] = [];
for (const open of [passportJwtPeer, expressOauth2JwtBearerPeer]) {
  const { url, close, ...about } = await open(issuer);
  process.stdout.write(`${about.name}\n`);
  // Roles are checked by the application there.
  const { hostile } = await run(url, 'local', { any: '/me' }, hostileKinds).finally(close);
  const refused = hostile.filter(({ outcome }) => outcome === 'refused').length;
  peers.push({ ...about, tried: hostile.length, refused });
}
await issuer.close();
writeFileSync(documentFile, renderDocument(columns, peers, hostileKinds));
process.stdout.write(`${documentFile} is written.\n`);
await endProcess(0);
