import { encode } from 'uqr';
import { approvalText, drawsPictures } from './approval-text.js';

const request = {
  userCode: 'ABC123',
  verificationUri: 'https://dev.example.com/device',
  verificationUriComplete: 'https://dev.example.com/device?user_code=ABC123',
  expiresInSeconds: 600,
};

const whiteOnBlack = '\u001B[97;40m';
const asBefore = '\u001B[0m';

/** True for a dark module. */
const modulesOf = (address: string) => encode(address, { border: 2 }).data;

/** The modules of what was drawn, white on black, two rows to a line. */
function drawn(text: string): boolean[][] {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(whiteOnBlack))
    .map((line) => Array.from(line.replace(whiteOnBlack, '').replace(asBefore, '')));
  return lines
    .flatMap((line) => [
      line.map((character) => !'█▀'.includes(character)),
      line.map((character) => !'█▄'.includes(character)),
    ])
    .slice(0, lines[0]?.length);
}

describe('the text that asks a person to approve a device', () => {
  it('has the code, both addresses and the time that is left', () => {
    const shown = approvalText(request, false);
    expect(shown).toMatch(
      /Open https:\/\/dev\.example\.com\/device and type this code, within 10 minutes:\s+ABC123\n/,
    );
    expect(shown).toContain(`\n    ${request.verificationUriComplete}\n`);
    expect(shown).not.toContain('\u001B');
  });

  it('contains the address with the code as a QR code, dark on light in every terminal', () => {
    const { verificationUriComplete, ...without } = request;
    expect(drawn(approvalText(request, true))).toEqual(modulesOf(verificationUriComplete));
    expect(drawn(approvalText(without, true))).toEqual(modulesOf(request.verificationUri));
  });

  const terminal = { isTTY: true };
  it.each([
    ['on a terminal', {}, [terminal, terminal], true],
    ['where standard output is a file', {}, [{}, terminal], false],
    ['where standard error is a file', {}, [terminal, {}], false],
    ['with NO_COLOR', { NO_COLOR: '1' }, [terminal, terminal], false],
    ['on a dumb terminal', { TERM: 'dumb' }, [terminal, terminal], false],
  ])('is drawn or not: %s', (_where, environment, streams, drawn) => {
    expect(drawsPictures(environment, streams)).toBe(drawn);
  });
});
