import { issue, world } from './ground.js';

describe('the audit trail', () => {
  const sql = (text: string) => world.api.database.pool.query(text);

  it('records who did what to which credential, never a secret', async () => {
    await issue('audited', 'email-token');
    await world.run('rotate', { client: 'audited', strategy: 'email-token', overlap: '0s' });
    const { rows } = await sql(
      `select actor, action, details from credential_audit where client = 'audited' order by seq`,
    );
    expect(rows.map(({ action }: { action: string }) => action)).toEqual([
      ...['add-client', 'plan', 'issue', 'plan', 'rotate', 'end'],
    ]);
    expect(rows.every(({ actor }: { actor: string }) => actor === 'test')).toBe(true);
    for (const { secret } of world.handedOver)
      expect(JSON.stringify(rows)).not.toContain(secret.value.reveal());
  });

  it.each([
    'update credential_audit set actor = $$nobody$$',
    'delete from credential_audit',
    'truncate credential_audit',
  ])('cannot be changed: %s', async (statement) => {
    await expect(sql(statement)).rejects.toThrow('only ever appended to');
  });

  it('shows a change by somebody who disabled that protection', async () => {
    const before = await world.center.audit.verify();
    expect(before.brokenAt).toBeUndefined();
    await sql('alter table credential_audit disable trigger all');
    const mine = 'select seq from credential_audit where client = $$audited$$ order by seq limit 1';
    await sql(`update credential_audit set actor = 'nobody' where seq = (${mine})`);
    const { brokenAt } = await world.center.audit.verify();
    const { rows } = await sql(mine);
    expect(brokenAt).toBe((rows[0] as { seq: number }).seq);
    await sql(`update credential_audit set actor = 'test' where seq = (${mine})`);
    await sql(`update credential_audit set previous_hash = '-' || previous_hash where seq = (${mine})`);
    expect((await world.center.audit.verify()).brokenAt).toBe(brokenAt);
    await sql(`update credential_audit set previous_hash = substr(previous_hash, 2) where seq = (${mine})`);
    await sql(`insert into credential_audit (seq, at, actor, action, client, credential, details, previous_hash, hash)
      select 0, at, actor, action, client, credential, details, previous_hash, hash from credential_audit where seq = 1`);
    expect((await world.center.audit.verify()).brokenAt).toBe(1);
    await sql('delete from credential_audit where seq = 0');
    await sql(`delete from credential_audit where seq = (${mine})`);
    expect((await world.center.audit.verify()).brokenAt).toBe(brokenAt);
  });
});
