import { processEnvironment } from '#gatehouse/platform';
import { createHandler } from './create-handler.js';

/** What Lambda calls. A configuration that is not usable ends the start of the function, and says in its log why. */
export const handler = createHandler(processEnvironment());
