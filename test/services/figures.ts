import { appendFileSync } from 'node:fs';
import { processEnvironment } from '#gatehouse/platform';

/** Makes `npm run test:services` print a line at its end; a test that runs alone prints nothing. */
export function reportFigure(line: string): void {
  const file = processEnvironment()['TEST_FIGURES'];
  if (file) appendFileSync(file, `${line}\n`);
}
