import { type CenterGround, centerGround } from '../../../../test/support/dev-center-ground.js';
import { credentialFaces } from '../cli/faces.js';
import { type ChainedEntry, fingerprintOf, hashOf, type Verified } from './audit.repository.js';

describe('the audit trail', () => {
  let ground: CenterGround;
  beforeAll(async () => {
    ground = await centerGround();
    for (const name of ['first', 'second', 'third', 'fourth', 'fifth']) await ground.clientNamed(name);
    await ground.database.pool.query('alter table credential_audit disable trigger all');
  });
  afterAll(() => ground.close());

  const verify = () => ground.center.audit.verify();
  const sql = (text: string, values: unknown[] = []) => ground.database.pool.query(text, values);
  const entryAt = async (seq: number) => {
    const { rows } = await sql(
      `select seq, at, actor, action, client, credential, details, previous_hash as "previousHash", hash
         from credential_audit where seq = $1`,
      [seq],
    );
    return rows[0] as ChainedEntry & { hash: string };
  };
  /** Does something to the trail, looks, and puts everything back. */
  async function verifiedAfter(tamper: () => Promise<unknown>): Promise<Verified> {
    await sql('create table kept as select * from credential_audit');
    try {
      await tamper();
      return await verify();
    } finally {
      await sql('truncate credential_audit');
      await sql('insert into credential_audit select * from kept');
      await sql('drop table kept');
    }
  }
  const shown = (audit: Verified) => credentialFaces['review']!.show({ findings: [], audit });

  it('is intact from its first entry, whose previous hash is all zeros', async () => {
    const { hash } = await entryAt(5);
    expect(await verify()).toEqual({ entries: 5, head: hash });
    expect((await entryAt(1)).previousHash).toBe('0'.repeat(64));
  });

  it('names an entry that was changed', async () => {
    const audit = await verifiedAfter(() =>
      sql(`update credential_audit set actor = 'nobody' where seq = 3`),
    );
    expect(audit).toMatchObject({ entries: 2, brokenAt: 3, broken: 'content' });
    expect(shown(audit)).toContain('entry 3 differs from what was written');
  });

  // cspell:ignore recordset
  it('is verified beyond its first thousand entries', async () => {
    const audit = await verifiedAfter(async () => {
      let last = await entryAt(5);
      const added: (typeof last)[] = [];
      for (let seq = 6; seq <= 1_100; seq += 1) {
        const next = { ...last, seq, previousHash: last.hash };
        last = { ...next, hash: hashOf(next) };
        added.push(seq === 1_050 ? { ...last, actor: 'nobody' } : last);
      }
      await sql(
        `insert into credential_audit select * from jsonb_populate_recordset(null::credential_audit, $1)`,
        [JSON.stringify(added.map(({ previousHash, ...row }) => ({ ...row, previous_hash: previousHash })))],
      );
    });
    expect(audit).toMatchObject({ brokenAt: 1_050, broken: 'content' });
  });

  it('identifies a secret by 128 bits of its hash', () => {
    expect(fingerprintOf('a secret')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('names an entry that was rewritten together with its hash', async () => {
    const audit = await verifiedAfter(async () => {
      const rewritten = { ...(await entryAt(3)), actor: 'nobody' };
      await sql(`update credential_audit set actor = 'nobody', hash = $1 where seq = 3`, [hashOf(rewritten)]);
    });
    expect(audit).toMatchObject({ entries: 3, brokenAt: 4, broken: 'order' });
    expect(shown(audit)).toContain('entry 4 does not follow the one before: entry 3 was rewritten');
  });

  it.each(['seq', 'at', 'actor', 'action', 'client', 'credential', 'details'])(
    'covers the %s of an entry by its hash',
    async (member) => {
      const entry = await entryAt(2);
      const others: Record<string, unknown> = { seq: 9, at: new Date(0), details: { roles: 'todo-auditor' } };
      const changed = { ...entry, [member]: others[member] ?? 'another' };
      expect(hashOf(entry)).toBe(entry.hash);
      expect(hashOf(changed)).not.toBe(entry.hash);
    },
  );

  it('reports an entry that was removed, at the beginning or in the middle, even if the others were renumbered', async () => {
    const without = (seq: number) =>
      verifiedAfter(() => sql('delete from credential_audit where seq = $1', [seq]));
    expect([(await without(1)).brokenAt, (await without(3)).brokenAt]).toEqual([1, 3]);
    const renumbered = await verifiedAfter(async () => {
      await sql('delete from credential_audit where seq = 3');
      for (const seq of [4, 5]) {
        const entry = { ...(await entryAt(seq)), seq: seq - 1 };
        await sql('update credential_audit set seq = $1, hash = $2 where seq = $3', [
          seq - 1,
          hashOf(entry),
          seq,
        ]);
      }
    });
    expect(renumbered).toMatchObject({ brokenAt: 3, broken: 'order' });
  });
});
