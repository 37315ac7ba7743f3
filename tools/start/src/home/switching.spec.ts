import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '#gatehouse/platform';
import type { AppConfigs } from '../system/app-configs.js';
import { Switching } from './switching.js';

const choice = (id: string) => ({ id, title: `MODE=${id}`, environment: { MODE: id } });
const started = choice('started');
const other = choice('other');

/**
 * Creates a switch whose apps do not start with the modes in `broken`; `used` lists the modes that they were asked to
 * use.
 */
function switching(...broken: string[]) {
  const used: string[] = [];
  const one = new Switching({
    choices: [started, other],
    configsOf: ({ id }) => ({ source: id }) as unknown as AppConfigs,
    apps: {
      async use({ source }) {
        used.push(source);
        await turn();
        if (broken.includes(source)) throw new Error('port 3000 is taken');
      },
    },
    log: createLogger('start', 'silent'),
  });
  const settled = async () => {
    while (one.underWay) await turn();
    return one;
  };
  return { one, used, settled };
}

describe('a switch that fails', () => {
  it('restores the previous strategy, and says why', async () => {
    const { one, used, settled } = switching('other');
    expect(one.begin(other)).toBe(true);
    expect(await settled()).toMatchObject({
      current: started,
      said: {
        good: false,
        text: 'MODE=other could not be activated (port 3000 is taken). MODE=started is active again.',
      },
    });
    expect(used).toEqual(['other', 'started']);
    expect(one.begin(started)).toBe(true);
    expect(one.said).toMatchObject({ good: true });
  });

  it('says what to do if the previous strategy does not start either', async () => {
    const { one, settled } = switching('other', 'started');
    one.begin(other);
    expect((await settled()).said).toMatchObject({
      good: false,
      text: expect.stringMatching(/does not start either: run npm start again\.$/) as string,
    });
  });
});
