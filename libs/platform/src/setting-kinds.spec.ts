import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@fastify/proxy-addr';
import type { z } from 'zod';
import {
  commaList,
  flag,
  host,
  identifier,
  integer,
  keyText,
  line,
  network,
  outputFile,
  secretText,
  uuid,
  word,
} from './setting-kinds.js';

const accepts = (schema: { safeParse(text: string): { success: boolean } }, text: string) =>
  schema.safeParse(text).success;

describe('a file to write', () => {
  const directory = mkdtempSync(join(tmpdir(), 'output-'));
  writeFileSync(join(directory, 'old.json'), 'old');

  it('is a new or an existing file in a directory that exists', () => {
    for (const name of ['new.json', 'old.json'])
      expect(accepts(outputFile(), join(directory, name))).toBe(true);
    expect(accepts(outputFile(), 'in-the-working-directory.json')).toBe(true);
    for (const name of ['', 'missing/new.json', 'old.json/new.json'])
      expect(accepts(outputFile(), join(directory, name))).toBe(false);
    expect(accepts(outputFile(), '')).toBe(false);
  });

  it('is no directory, and no file that cannot be opened for writing', () => {
    expect(accepts(outputFile(), directory)).toBe(false);
    // A program that runs cannot be written (ETXTBSY), not even by root.
    if (process.platform === 'linux') expect(accepts(outputFile(), process.execPath)).toBe(false);
    expect(readFileSync(join(directory, 'old.json'), 'utf8')).toBe('old');
  });
});

describe('a plain setting', () => {
  it.each(['a\rb', 'a\n', '\ta', 'a b', ' a', 'a\u00a0', 'a\u0000', 'a\u0085', ''])(
    'is refused as a word: %j',
    (text) => expect(accepts(word(), text)).toBe(false),
  );

  it.each(['.data\r', ' .data', '.data ', 'a\u0000b', 'a\u2028b', 'a\u001bb', '\u2028'])(
    'is refused as a line: %j',
    (text) => expect(accepts(line(), text)).toBe(false),
  );

  it('may have blanks inside where it is a line, a path for example', () => {
    expect(line().parse('/Users/Ada/My data')).toBe('/Users/Ada/My data');
    expect(line().parse('x')).toBe('x');
  });
});

describe('a setting that is refused', () => {
  it.each<[string, z.ZodType, string]>([
    ['must not contain white space or control characters', word(), ' '],
    ['must be one line without control characters, and without white space at its ends', line(), ' '],
    ['must be a UUID', uuid(), ' '],
    ['must be an address or a host name, without brackets or port', host(), ' '],
    ['must be addresses or networks such as 10.0.0.0/8', network(), ' '],
    [
      'must be ASCII letters, digits and signs without white space: look for curly quotes, or a file that is not UTF-8',
      secretText(),
      ' ',
    ],
    ['must be a whole number', integer(0, 9), '1.5'],
    ['must be a file in an existing directory that you may write to', outputFile(), ''],
    ['must be 1 or 0', flag(), 'yes'],
  ])('%s', (message, kind, text) => {
    expect(kind.safeParse(text).error?.issues).toMatchObject([{ message }]);
  });
});

describe('a flag', () => {
  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])('%s is %s', (text, value) => {
    expect(flag().parse(text)).toBe(value);
  });
});

describe('a list', () => {
  it('holds each value once, without blanks and gaps', () => {
    expect(commaList(word()).parse(' a,,b, a ,')).toEqual(['a', 'b']);
    expect(commaList(word()).parse('')).toEqual([]);
  });
});

describe('a UUID', () => {
  const capitals = 'A1F4B2C8-3D5E-4F6A-8B7C-9D0E1F2A3B4C';

  it('is kept in small letters however it was written', () => {
    expect(uuid().parse(capitals)).toBe(capitals.toLowerCase());
    expect(identifier().parse(capitals)).toBe(capitals.toLowerCase());
  });

  it('may be of no version, as ids in FusionAuth are', () => {
    expect(accepts(uuid(), '00000000-0000-0000-0000-000000000001')).toBe(true);
  });

  it('that is not one keeps its letters where any identifier will do', () => {
    expect(identifier().parse('Reminder-App')).toBe('Reminder-App');
    expect(accepts(identifier(), `${capitals}\r`)).toBe(false);
  });
});

describe('an address to listen on', () => {
  it.each(['127.0.0.1', '::1', 'localhost', '0.0.0.0', 'db-1.internal', 'a_b.internal', 'fe80::1%eth0'])(
    'may be %s',
    (text) => expect(accepts(host(), text)).toBe(true),
  );

  it.each(['127.0.0.1\r', '[::1]', 'localhost:3000', 'http://localhost', 'a b', '-a', 'a..b', ''])(
    'may not be %j',
    (text) => expect(accepts(host(), text)).toBe(false),
  );
});

describe('a trusted network', () => {
  const texts = [
    ...['10.0.0.1', '10.0.0.0/8', '10.0.0.0/32', '::1', 'fd00::/8', '::ffff:10.0.0.0/104', '2001:db8::/128'],
    ...[
      '10.0.0.0/99',
      '10.0.0.0/0',
      '10.0.0.0/33',
      '::1/129',
      '::/0',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
    ],
    ...[
      '10.0.0.0/255.0.0.0',
      '10.0.0.0/0x8',
      '10.0.0',
      'loopback',
      '1e3',
      'fe80::1%eth0',
      'fe80::1%eth0/64',
      '10.0.0.0/8\r',
      '',
    ],
  ];

  it.each(texts)('that is accepted, %j, is one for the server too', (text) => {
    const usable = (() => {
      try {
        compile([text]);
        return true;
      } catch {
        return false;
      }
    })();
    const accepted = accepts(network(), text);
    // The server knows some words and net masks besides.
    expect(accepted && !usable).toBe(false);
    expect(accepted).toBe(texts.indexOf(text) < 7);
  });

  it('is taken out of a list with its blanks removed', () => {
    expect(commaList(network()).parse('10.0.0.0/8, ::1\r')).toEqual(['10.0.0.0/8', '::1']);
  });
});

describe('a secret', () => {
  // A UTF-16 file read as UTF-8, curly quotes, a non-breaking blank, and others that no header can carry.
  const unsendable = [
    'k\u0000e\u0000y\u0000',
    '\ufffd\ufffdk',
    '“key”',
    'key\u00a0',
    'clé',
    'a b',
    'a\rb',
    '',
  ];

  it.each(unsendable)('that goes into headers is refused: %j', (text) => {
    expect(accepts(secretText(), text)).toBe(false);
  });

  it('that is accepted can be sent', () => {
    const visible = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
    const key = secretText().parse(visible).reveal();
    expect(new Headers({ 'x-api-key': key }).get('x-api-key')).toBe(visible);
  });

  it('that only signs may be of any characters but blanks', () => {
    expect(keyText().parse('clé').reveal()).toBe('clé');
    expect(accepts(keyText(), 'a\u0000b')).toBe(false);
  });
});
