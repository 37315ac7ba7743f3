/** Phrases that the reasons of several strategies share. */
export const form = 'it is cut short, has something before or behind it, or is another kind of credential';
export const obtainAnew = 'obtain a new one';
