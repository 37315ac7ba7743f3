import { globSync, readFileSync } from 'node:fs';
import { strategies, strategyNames } from '#gatehouse/auth';
import { redact } from '#gatehouse/platform';

const document = readFileSync('docs/architecture.md', 'utf8');
const [, section = ''] = document.split('### Adding a strategy');
const [table = ''] = section.split('###');
/** Returns the places that the document names, with the strategy's name filled in. */
const placesOf = (name: string) =>
  [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, place = '']) => place.replace('NAME', name));

const words = ['six', 'seven', 'eight', 'nine'];

/** Returns the files that contain a strategy's name, without the tools that measure and test each strategy. */
const knowing = (name: string) =>
  globSync('{apps,libs,tools}/**/*.ts')
    .filter((file) => !/\.spec\.ts$|^tools\/(attack|bench|compare|sandbox)\//.test(file))
    .filter((file) => readFileSync(file, 'utf8').includes(`'${name}'`) || file.includes(`/${name}`));

describe('the list of files that a new strategy touches', () => {
  it('counts its own lines', () => {
    const count = placesOf('x').length;
    expect(table).toContain(`${words[count - 6]} places`);
  });

  it('names every file that knows a strategy, and none that does not', () => {
    const name = 'email-token';
    const known = knowing(name);
    const places = placesOf(name);
    const placeOf = (file: string) => places.find((place) => file.startsWith(place));
    expect(known.filter((file) => placeOf(file) === undefined)).toEqual([]);
    expect(places.filter((place) => !known.some((file) => file.startsWith(place)))).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('has every folder of strategies', () => {
    const folders = globSync('libs/auth/src/strategies/*/index.ts').map((file) => file.split('/').at(-2));
    expect(folders.sort()).toEqual([...strategyNames].sort());
  });
});

describe('what a strategy says of itself', () => {
  it.each(strategyNames)('%s travels in headers whose names the log redacts', (name) => {
    const headers = strategies[name].consumes.map((carrier) =>
      carrier.in === 'header' ? carrier.name.toLowerCase() : carrier.in,
    );
    for (const header of headers) {
      expect(redact({ headers: { [header]: 'a credential' } })).toEqual({
        headers: { [header]: '[redacted]' },
      });
    }
  });

  it.each(strategyNames)(
    '%s travels where it is presented, so that nothing of it is left on a request',
    (name) => {
      const { consumes, presentation } = strategies[name];
      const [header] = presentation.header('a@b:c');
      const read = consumes.map((carrier) =>
        carrier.in === 'authorization'
          ? 'authorization'
          : carrier.in === 'header'
            ? carrier.name.toLowerCase()
            : '',
      );
      expect(read).toContain(header.toLowerCase());
    },
  );

  it.each(strategyNames)('%s begins with its form, and explains each reason once', (name) => {
    const reasons = Object.values(strategies[name].reasons).flatMap((step) => Object.keys(step));
    expect(Object.keys(strategies[name].reasons)[0]).toBe('form');
    expect(new Set(reasons).size).toBe(reasons.length);
  });
});
