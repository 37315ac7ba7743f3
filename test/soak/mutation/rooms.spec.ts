import { rooms } from './rooms.js';
import { filesOf } from './shard.js';

describe('the rooms of the mutation proof', () => {
  it.each(rooms)('name files that exist: $name', ({ sources, specs }) => {
    expect(() => filesOf([...sources, ...specs])).not.toThrow();
  });
});
