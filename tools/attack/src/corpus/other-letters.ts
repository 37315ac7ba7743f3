/** The text in letters of the other case; with a letter added where it has none, so that it always differs. */
export function otherLetters(text: string): string {
  const others = [text.toUpperCase(), text.toLowerCase(), `${text}A`];
  return others.find((other) => other !== text) ?? text;
}
