import { SecretScan } from '../support/secret-scan.js';
import { tagged } from './checklist-ids.js';
import type { Context } from './context.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import { cell } from './matrix.js';
import type { Issued, ModeName } from './mode.js';
import { modeOf } from './modes.js';
import { sentences } from './sentences.js';

/** Runs every sentence of the contract that applies to one mode. */
export function runContract(name: ModeName): void {
  const mode = modeOf(name);

  describe(`the guard, by ${name}`, () => {
    let world: ContractWorld;
    let door: Door;
    const scan = new SecretScan();
    const opened: Door[] = [];

    beforeAll(async () => {
      world = await startContractWorld();
      door = await world.open(mode.env);
    });
    afterAll(async () => world.close());
    // A door that stays open keeps fetching keys and is counted in later sentences.
    afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

    const context = (): Context => ({
      mode,
      world,
      door,
      async open(env) {
        const another = await world.open({ ...mode.env, ...env });
        opened.push(another);
        return another;
      },
      async issue(options) {
        const issued: Issued = await mode.issue(world, options);
        scan.learn(name, ...issued.secrets);
        return issued;
      },
    });

    for (const { title, holds } of sentences)
      if (cell(title, name) === 'holds') it(tagged(title), () => holds(context()));

    it('writes no credential into a log line, an error, a metric or a URL (OA-3)', async () => {
      const written = await world.everythingWritten();
      expect(scan.size).toBeGreaterThan(10);
      expect(written.length).toBeGreaterThan(1_000);
      scan.learn('secret of the kickstart file', ...Object.values(world.sandbox.secrets));
      expect(scan.find(written)).toEqual([]);
    });
  });
}
