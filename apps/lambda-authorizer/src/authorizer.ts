import { processEnvironment } from '#gatehouse/platform';
import { createHandler } from './create-handler.js';

/** The handler that Lambda calls. An unusable configuration stops the function at start, and the log says why. */
export const handler = createHandler(processEnvironment());
