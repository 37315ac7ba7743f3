import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { endProcess } from '#gatehouse/platform';
import { attack } from '../../tools/attack/src/attack.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import { startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { mutations } from '../../tools/attack/src/mutations/mutations.js';
import { sender } from '../../tools/attack/src/request.js';
import { developmentTarget, type Mode, modes } from '../../tools/attack/src/target.js';
import { expressOauth2JwtBearerPeer } from '../support/peers/express-oauth2-jwt-bearer.js';
import { passportJwtPeer } from '../support/peers/passport-jwt.js';
import { type Column, documentFile, documentMutations, documentSeed, renderDocument } from './document.js';
import { guardConfig, settingsText } from './guard-config.js';
import { openGuardedDoor } from './guarded-door.js';

// `npm run hostile-tokens`: runs the corpus against our guard in every mode and against its peers, and writes the document.

const issuer = await startIssuer({ port: 0, target: developmentTarget });

/** `role` only where roles are the guard's business. */
async function run(url: string, mode: Mode, role?: string) {
  const results = await attack({
    issuer,
    send: sender(url),
    paths: { any: '/me', role },
    hostile: [...hostileKinds, ...mutations(documentSeed, documentMutations)].filter(({ noticedBy }) =>
      noticedBy.includes(mode),
    ),
    legal: legalKinds.filter(({ acceptedBy }) => acceptedBy.includes(mode)),
  });
  const unclear = results.hostile.filter(({ outcome }) => outcome === 'failed' || outcome === 'unclear');
  if (unclear.length > 0) throw new Error(`No verdict on ${unclear.map(({ kind }) => kind.name).join('; ')}`);
  return results;
}

const columns: Column[] = [];
for (const mode of modes) {
  process.stdout.write(`this guard, ${mode}\n`);
  const door = await openGuardedDoor(guardConfig(issuer, mode));
  columns.push({
    name: `here, ${mode}`,
    settings: `\`${settingsText(mode)}\`, everything else as it comes.`,
    ours: true,
    results: await run(door.url, mode, '/todos').finally(() => door.close()),
  });
}
for (const open of [passportJwtPeer, expressOauth2JwtBearerPeer]) {
  const { name, settings, url, close } = await open(issuer);
  process.stdout.write(`${name}\n`);
  columns.push({ name, settings, ours: false, results: await run(url, 'local').finally(close) });
}
await issuer.close();
writeFileSync(documentFile, renderDocument(columns));
process.stdout.write(`${documentFile} is written.\n`);
await endProcess(0);
