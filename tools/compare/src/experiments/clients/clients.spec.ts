import { type Mode, modes } from '../../modes.js';
import { byCheck, neighbour } from './clients.js';

const of = (id: string): Mode => modes.find((mode) => mode.id === id) as Mode;

describe('Calendar Syncer and Analytics', () => {
  it('call the same API in all modes that check tokens in the same way', () => {
    const chosen = ['jwt/local', 'jwt/session', 'client-credentials', 'api-key', 'email-token'].map(of);
    expect(byCheck(chosen).map((group) => group.map(({ id }) => id))).toEqual([
      ['jwt/local', 'client-credentials', 'api-key', 'email-token'],
      ['jwt/session'],
    ]);
  });

  it('never authenticate in the same way', () => {
    for (const { kind } of modes) expect(neighbour[kind]).not.toBe(kind);
  });
});
