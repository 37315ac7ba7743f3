import { Writable } from 'node:stream';
import { createLogger } from './logger.js';
import { nestLogger } from './nest-logger.js';

describe('what Nest says', () => {
  it('is a line of the log for a warning, one for debugging for an error that it throws too, and nothing else', () => {
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk, _encoding, done) => done(void lines.push(String(chunk))),
    });
    const logger = nestLogger(createLogger('test', 'debug', destination));

    logger.log();
    logger.warn('a route twice');
    logger.error(new Error('no such provider'));

    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 'warn', part: 'nest', msg: 'a route twice' }),
      expect.objectContaining({ level: 'debug', part: 'nest', msg: 'Error: no such provider' }),
    ]);
  });
});
