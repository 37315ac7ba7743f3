import { setTimeout as sleep } from 'node:timers/promises';
import { Progress } from './progress.js';

const screen = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 40, hasColors: () => false, write: (text: string) => written.push(text), written };
};

/** Returns the lines that a terminal shows after the writes: understands "up n lines" and "clear to the end". */
function shown({ written }: { written: string[] }): string[] {
  const lines: string[] = [];
  for (const text of written) {
    const up = text.startsWith('\u001b[') ? /\d+/.exec(text)?.[0] : undefined;
    if (up) lines.length -= Number(up);
    else lines.push(text.trimEnd());
  }
  return lines;
}

describe('progress', () => {
  it('prints one plain line a finished step when nobody watches', async () => {
    const paper = screen(false);
    let now = 0;
    const progress = new Progress(paper, () => now);
    await progress.step('Todo API ready', () => {
      now = 1250;
      return Promise.resolve();
    });
    expect(paper.written).toEqual(['✓ Todo API ready 1.3 s\n']);
  });

  it('keeps the running steps below the finished ones on a terminal', async () => {
    const terminal = screen(true);
    const progress = new Progress(terminal, () => 0);
    const slow = progress.step('slow', () => sleep(20));
    expect(shown(terminal)).toEqual(['… slow']);
    await progress.step('quick', () => Promise.resolve());
    expect(shown(terminal)).toEqual(['✓ quick 0.0 s', '… slow']);
    progress.note('said meanwhile');
    await slow;
    expect(shown(terminal)).toEqual(['✓ quick 0.0 s', 'said meanwhile', '✓ slow 0.0 s']);
  });

  it('marks the step that failed and passes its error on', async () => {
    const paper = screen(false);
    const progress = new Progress(paper, () => 0);
    await expect(progress.step('broken', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(paper.written).toEqual(['✗ broken 0.0 s\n']);
  });
});
