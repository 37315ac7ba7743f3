import { setTimeout as delay } from 'node:timers/promises';
import { doorsHere } from './doors.js';
import { Ground, sandbox } from './ground.js';

/** Returns a ground whose doors take a while to open and to close, and what happened to them. */
function slowGround() {
  const events: string[] = [];
  const doors = async () => {
    await delay(50);
    events.push('open');
    return {
      ...doorsHere(),
      close: async () => {
        await delay(50);
        events.push('closed');
      },
    };
  };
  return { ground: new Ground({ doors, fusionAuth: sandbox }), events };
}

describe('the ground of a comparison', () => {
  it('is closed for everyone who closes it: a signal may come while it is closing', async () => {
    const { ground, events } = slowGround();
    void ground.withDoors(() => new Promise(() => undefined));
    await delay(100);
    void ground.close();
    await ground.close();
    expect(events).toEqual(['open', 'closed']);
  });

  it('leaves nothing open that was being started while it closed', async () => {
    const { ground, events } = slowGround();
    const working = ground.withDoors(() => Promise.resolve());
    await ground.close();
    await expect(working).rejects.toThrow('the comparison is ending');
    expect(events).toEqual(['open', 'closed']);
  });
});
