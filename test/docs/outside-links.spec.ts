import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const exclude = ['**/node_modules', '**/generated', 'test/support/openapi', 'CHANGELOG.md'];
const documents = globSync('{,docs/**/,deploy/**/,examples/**/,libs/**/,test/**/,tools/**/}*.md', {
  cwd: root,
  exclude,
});
const sources = globSync('{apps,libs,tools,test,scripts,docs/site,deploy}/**/*.{ts,mjs,js,eta,yaml,sh}', {
  cwd: root,
  exclude,
});

/** Where our documents and comments may lead, so that a misspelled name is noticed without asking the network. */
// cspell:ignore konghq envoyproxy utm gclid fbclid
const hosts = [
  'auth0.github.io',
  'developer.konghq.com',
  'developers.google.com',
  'doc.traefik.io',
  'docs.aws.amazon.com',
  'docs.haproxy.org',
  'docs.konghq.com',
  'fusionauth.io',
  'github.com',
  'hasura.io',
  'mermaid.js.org',
  'ngrok.com',
  'www.envoyproxy.io',
];
/** Addresses that a reader replaces, or that are on this machine. */
const isExample = (host: string) => /^(127\.0\.0\.1|localhost|(.+\.)?example(\.com)?|host)$/.test(host);
const tracking = /^(utm_\w+|gclid|fbclid|ref|source)$/;

/** Returns the fault of a link to another site, or undefined if it is right. */
function problemOf(link: string): string | undefined {
  if (!URL.canParse(link)) return 'is not a URL';
  const { protocol, hostname, username, searchParams, hash, href } = new URL(link);
  if (isExample(hostname)) return undefined;
  if (protocol !== 'https:') return 'is not https';
  if (!hosts.includes(hostname)) return `leads to ${hostname}, which is not in the list`;
  if (username !== '') return 'has a user name';
  if ([...searchParams.keys()].some((name) => tracking.test(name))) return 'has a parameter that tracks';
  if (/[.,;:]$/.test(href)) return 'ends in punctuation';
  return link.endsWith('#') || /%20|\s/.test(hash) ? 'has an anchor that cannot be' : undefined;
}

const linksIn = (text: string) =>
  [...text.matchAll(/\]\((https?:[^)]*)\)|<(https?:[^>]*)>/g)].map(([, inline, bare]) => inline ?? bare!);
const linksInComments = (text: string) =>
  [...text.matchAll(/^\s*(?:\/\/|\/?\*+|#|<!--) .*$/gm)].flatMap(([line]) => [
    ...(line.match(/https?:\/\/[^\s)>"'`,;]+/g) ?? []),
  ]);
const problemsIn = (path: string, links: (text: string) => string[]) =>
  links(readFileSync(join(root, path), 'utf8')).flatMap((link) => {
    const problem = problemOf(link.replace(/\.$/, '').replace(/:port\b/i, ''));
    return problem === undefined ? [] : [`${path}: ${link} ${problem}`];
  });

describe('a link to another site', () => {
  // cspell:ignore fusionath
  it.each([
    ['http://fusionauth.io/docs', 'is not https'],
    ['https://fusionath.io/docs', 'leads to fusionath.io, which is not in the list'],
    ['https://bit.ly/3xYz', 'leads to bit.ly, which is not in the list'],
    ['https://fusionauth.io/docs?utm_source=x', 'has a parameter that tracks'],
    ['https://ada@github.com/nodejs', 'has a user name'],
    ['https://github.com/nodejs#', 'has an anchor that cannot be'],
    ['https://', 'is not a URL'],
    ['https://fusionauth.io/docs/apis/#section', undefined],
    ['http://127.0.0.1:9011', undefined],
    ['https://auth.example.com', undefined],
  ])('such as %s: %s', (link, problem) => {
    expect(problemOf(link)).toBe(problem);
  });

  it('is of good form in every document and in every comment', () => {
    expect(documents.length).toBeGreaterThan(80);
    expect(sources.length).toBeGreaterThan(1_000);
    expect(documents.flatMap((path) => problemsIn(path, linksIn))).toEqual([]);
    expect(sources.flatMap((path) => problemsIn(path, linksInComments))).toEqual([]);
  });

  it('is used for each name in the list', () => {
    const used = [...documents, ...sources].map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    expect(hosts.filter((host) => !used.includes(`https://${host}`))).toEqual([]);
  });
});
