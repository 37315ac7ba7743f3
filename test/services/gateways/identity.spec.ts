import { respelled } from '../../../tools/gateways/src/client-headers.js';
import { type Header, send } from './client.js';
import { describeForwardAuth, type Ground, openGround } from './ground.js';

// The names are listed here again: a header that is missing from the generator's own lists must fail a test.
const identities = 'X-Auth-Subject X-Auth-Via X-Auth-Roles X-Auth-Client X-Auth-Verdict';
const targets =
  'X-Forwarded-Method X-Forwarded-Uri X-Original-Method X-Original-URI X-Original-URL X-Original-Host X-Rewrite-URL';

/** Every spelling that some server reads as one of the headers. */
const spelled = (names: string) => respelled(names.split(' '), ['-', '_', '.']);
const spellings = spelled(identities).flatMap((name) => [name, name.toLowerCase(), name.toUpperCase()]);
const requestLines = spelled(targets);

const reserved = /^x[-_.]auth[-_.]/i;
const claimed = 'mallory';

describeForwardAuth('an identity that the client claims', (program) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround(program);
  });
  afterAll(() => ground.close());

  it(`does not arrive, in any of ${spellings.length} spellings, beside a valid credential`, async () => {
    const statuses = new Set<number>();
    for (const spelling of spellings)
      statuses.add((await ground.asAda({ headers: [[spelling, claimed]] })).status);
    const arrived = ground.api.take().flatMap(({ headers }) => headers);
    expect(arrived.filter(([, value]) => value.includes(claimed))).toEqual([]);
    // Removed, or refused.
    expect([...statuses].filter((status) => ![200, 400].includes(status))).toEqual([]);
  });

  it('does not arrive when its header comes twice, or all of them come together', async () => {
    const twice: Header[] = [
      ['X-Auth-Subject', claimed],
      ['X-Auth-Subject', claimed],
    ];
    await ground.asAda({ headers: twice });
    await ground.asAda({ headers: spellings.slice(0, 30).map((name): Header => [name, claimed]) });
    const arrived = ground.api.take().flatMap(({ headers }) => headers);
    expect(arrived.filter(([, value]) => value.includes(claimed))).toEqual([]);
  });

  it(`does not arrive as another request line, in any of ${requestLines.length} headers`, async () => {
    const statuses = new Set<number>();
    for (const name of requestLines)
      statuses.add((await ground.asAda({ headers: [[name, `/${claimed}`]] })).status);
    const arrived = ground.api.take().flatMap(({ headers }) => headers);
    expect(arrived.filter(([, value]) => value.includes(claimed))).toEqual([]);
    expect([...statuses].filter((status) => ![200, 400].includes(status))).toEqual([]);
  });

  it('admits no request without a credential', async () => {
    const headers = spellings.slice(0, 30).map((name): Header => [name, claimed]);
    const { status } = await send(ground.gateway.url, { headers });
    expect([[400, 401].includes(status), ground.api.take()]).toEqual([true, []]);
  });

  it('is replaced by that of the credential, each name once', async () => {
    const { status } = await ground.asAda({ headers: [['X-Auth-Roles', claimed]] });
    const [{ headers } = { headers: [] }] = ground.api.take();
    const identity = headers.filter(([name]) => reserved.test(name));
    const { sub } = ground.world.mint.records.people.ada;
    expect([status, lowerCase(identity)]).toEqual([
      200,
      [
        ['x-auth-roles', 'todo-reader'],
        ['x-auth-subject', sub],
        ['x-auth-via', 'jwt'],
      ],
    ]);
  });

  it.each(['X-Auth-Subject', 'X-Auth-Subject, X-Auth-Roles', 'Authorization', 'X-Forwarded-Uri'])(
    'is not lost by a client that names %s in Connection',
    async (nominated) => {
      const { status } = await ground.asAda({ headers: [['Connection', `close, ${nominated}`]] });
      const { sub } = ground.world.mint.records.people.ada;
      const subjects = ground.api
        .take()
        .map(({ headers }) => headers.find(([name]) => name.toLowerCase() === 'x-auth-subject')?.[1]);
      // Refused, or passed on as Ada's: never without a subject.
      expect(status === 200 ? subjects : [[400, 401].includes(status), ...subjects]).toEqual(
        status === 200 ? [sub] : [true],
      );
    },
  );
});

/**
 * Removes empty headers and lower-cases names: nginx omits an empty header, HAProxy does not, and an API treats both as
 * absent.
 */
const lowerCase = (headers: readonly Header[]) =>
  headers
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .toSorted(([one], [other]) => one.localeCompare(other));
