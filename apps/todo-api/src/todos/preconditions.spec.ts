import { cpuTime } from '../../../../test/support/cpu-time.js';
import { dependsOnState, judge, type Judgement, type Preconditions } from './preconditions.js';

const tag = '"3-abc"';

describe('the preconditions of a request', () => {
  it.each<[string, Preconditions, Judgement]>([
    ['without any', {}, 'met'],
    ['If-Match with the tag', { ifMatch: tag }, 'met'],
    ['If-Match with a list that has it', { ifMatch: `"x" ,, ${tag},"y"` }, 'met'],
    ['If-Match *', { ifMatch: ' * ' }, 'met'],
    ['If-Match with another tag', { ifMatch: '"2-abc"' }, 'changed'],
    ['If-Match with the tag inside another', { ifMatch: '"x,"3-abc","y"' }, 'changed'],
    ['If-Match without quotes', { ifMatch: '3-abc' }, 'changed'],
    ['If-Match with a quote after the tag', { ifMatch: `${tag}"` }, 'changed'],
    ['If-Match with nothing', { ifMatch: '' }, 'changed'],
    ['If-Match with something before the tag', { ifMatch: `x${tag}` }, 'changed'],
    ['If-Match with a * in a list', { ifMatch: '*, "x"' }, 'changed'],
    ['If-Match with the weak tag, because it compares strongly', { ifMatch: `W/${tag}` }, 'weakened'],
    ['If-Match with the weak tag and the strong one', { ifMatch: `W/${tag}, ${tag}` }, 'met'],
    ['If-Match with another weak tag', { ifMatch: 'W/"x"' }, 'changed'],
    ['If-None-Match with the tag', { ifNoneMatch: tag }, 'unchanged'],
    ['If-None-Match with the weak tag, because it compares weakly', { ifNoneMatch: `W/${tag}` }, 'unchanged'],
    ['If-None-Match with a list that has it', { ifNoneMatch: `"a,b", W/"x", ${tag}` }, 'unchanged'],
    ['If-None-Match *', { ifNoneMatch: '*' }, 'unchanged'],
    ['If-None-Match with other tags', { ifNoneMatch: '"x", W/"y"' }, 'met'],
    [
      'If-None-Match with a tag that only begins like a weak one',
      { ifNoneMatch: `"W/${tag.slice(1)}` },
      'met',
    ],
    ['If-None-Match with what is not a tag', { ifNoneMatch: 'w/"3-abc", 3-abc' }, 'met'],
    ['both, If-Match first', { ifMatch: '"x"', ifNoneMatch: tag }, 'changed'],
    ['both, then If-None-Match', { ifMatch: tag, ifNoneMatch: tag }, 'unchanged'],
  ])('%s', (_what, preconditions, expected) => {
    expect(judge(preconditions, tag)).toBe(expected);
  });

  it.each<[Preconditions, boolean]>([
    [{}, false],
    [{ ifMatch: '*' }, false],
    [{ ifMatch: tag }, true],
    [{ ifMatch: '' }, true],
    [{ ifNoneMatch: '*' }, true],
    [{ ifMatch: '*', ifNoneMatch: tag }, true],
  ])('%j depend on the state of the todo: %s', (preconditions, expected) => {
    expect(dependsOnState(preconditions)).toBe(expected);
  });

  it('are judged quickly, even if they are very long', async () => {
    const judging = () => {
      for (const one of ['"', ',', '",', 'W/"', ' ', 'a']) judge({ ifMatch: one.repeat(15_000) }, tag);
    };
    expect(await cpuTime(judging)).toBeLessThan(500);
  });
});
