import type { Json } from '../../../issuer/src/signing-key.js';
import { unauthorized } from '../corpus/kind.js';
import { type Family, noted } from './family.js';
import { anything, nearMiss, notRoles } from './spoil.js';

/** A member written twice, with the same or another value. */
export const twiceFamily: Family = {
  name: 'a member twice',
  why: 'RFC 7519 section 4: parsers differ in which of two they believe',
  ids: ['JWT-7'],
  owed: 'policy',
  refusal: unauthorized,
  draw(mint, random) {
    const json = JSON.stringify(mint.claims());
    const [name] = random.pick(Object.entries(mint.claims()));
    const again = `${JSON.stringify(name)}:${JSON.stringify(anything(random))}`;
    const payload = random.below(2) === 0 ? `{${again},${json.slice(1)}` : `${json.slice(0, -1)},${again}}`;
    return noted(again, mint.jws({ payload, key: mint.keys.good.es256 }));
  },
};

/** Mutates the permissions or the kind of a machine’s token. */
export const machineFamily: Family = {
  name: 'a machine’s claim corrupted',
  why: 'FusionAuth writes permissions as a map from entity to a list; tokens of users and tokens of machines exclude each other',
  ids: ['JWT-11', 'OA-12'],
  owed: 'issuer',
  refusal: unauthorized,
  draw(mint, random) {
    const { applicationId, entityId = 'none' } = mint.target;
    const change = random.pick<Json>([
      { permissions: undefined },
      { permissions: random.pick(notRoles.filter((value) => JSON.stringify(value) !== '{}')) },
      { permissions: { [entityId]: random.pick(notRoles) } },
      { applicationId: random.pick([applicationId, null, '', 1]) },
      { sub: applicationId },
      { aud: nearMiss(entityId, random) },
      { aud: [entityId, random.bytes(4).toString('hex')], permissions: mint.target.roles },
    ]);
    return noted(JSON.stringify(change), mint.machine(change, mint.keys.good.es256));
  },
};
