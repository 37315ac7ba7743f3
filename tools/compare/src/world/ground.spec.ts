import { setTimeout as delay } from 'node:timers/promises';
import { apisHere } from './apis.js';
import { Ground, sandbox } from './ground.js';

/** Returns a ground whose APIs take a while to open and to close, and what happened to them. */
function slowGround() {
  const events: string[] = [];
  const apis = async () => {
    await delay(50);
    events.push('open');
    return {
      ...apisHere(),
      close: async () => {
        await delay(50);
        events.push('closed');
      },
    };
  };
  return { ground: new Ground({ apis, fusionAuth: sandbox }), events };
}

describe('the ground of a comparison', () => {
  it('closes once, and every caller waits for it: a signal may come while it is closing', async () => {
    const { ground, events } = slowGround();
    void ground.withApis(() => new Promise(() => undefined));
    await delay(100);
    void ground.close();
    await ground.close();
    expect(events).toEqual(['open', 'closed']);
  });

  it('closes what was being started while it closed', async () => {
    const { ground, events } = slowGround();
    const working = ground.withApis(() => Promise.resolve());
    await ground.close();
    await expect(working).rejects.toThrow('the comparison is ending');
    expect(events).toEqual(['open', 'closed']);
  });
});
