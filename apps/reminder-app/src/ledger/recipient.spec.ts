import { recipientOf } from './recipient.js';

describe('a recipient', () => {
  it.each([
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.Example', 'ada@xn--bcher-kva.example'],
    ['Ada+todo@Example.com', 'Ada+todo@example.com'],
    ['jürgen@bücher.example', 'jürgen@xn--bcher-kva.example'],
  ])('%s is stored as %s', (address, recipient) => {
    expect(recipientOf(address)).toBe(recipient);
    expect(recipientOf(recipient)).toBe(recipient);
  });

  it.each(['ada@bü cher', 'ada', ''])('%j, which is not an address, is unchanged', (address) => {
    expect(recipientOf(address)).toBe(address);
  });
});
