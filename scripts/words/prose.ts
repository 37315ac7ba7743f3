import ts from 'typescript';

/** Replaces a character that is not prose; no turn matches across it. */
const gap = '\0';
const blank = (text: string) => text.replaceAll(/[^\n]/g, gap);

/** Functions that find a file's prose, by the file's name. The first match counts. */
const languages: readonly (readonly [name: RegExp, read: (text: string) => string])[] = [
  [/\.(ts|mts|cts|js|mjs|cjs)$/, ofTypeScript],
  [/\.md(\.eta)?$/, ofMarkdown],
  [/\.(lua|sql)(\.eta)?$/, (text) => ofComments(text, /--.*$/gm)],
  [/\.prisma$/, (text) => ofComments(text, /\/\/.*$/gm)],
  [/\.css$/, (text) => ofComments(text, /\/\*[^]*?\*\//g)],
  [/^tools\/gateways\/assets\/|\.(ya?ml|sh|cfg|conf|toml|env)$|(file|run|\.\w*ignore)$/, ofHashComments],
  [/\.(eta|html)$/, ofMarkup],
];

/**
 * Returns the text of a file with everything except prose blanked out, so that offsets stay the same; undefined for a
 * kind of file without prose.
 */
export function proseOf(path: string, text: string): string | undefined {
  const read = languages.find(([name]) => name.test(path))?.[1];
  return read && withoutQuotations(read(text));
}

/** Blanks out quoted text, which is somebody else's wording, and backticks, which contain code. */
function withoutQuotations(prose: string): string {
  return prose.replaceAll(/`[^`\0]*`|"[^"\0]*"|“[^”\0]*”/g, blank);
}

/** Keeps comments, and the literals that contain more than one word. */
function ofTypeScript(text: string): string {
  const literals: (readonly [start: number, end: number, isPattern: boolean])[] = [];
  const source = ts.createSourceFile('x.ts', text, {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node))
      literals.push([node.getStart(source), node.end, ts.isRegularExpressionLiteral(node)]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let prose = '';
  let at = 0;
  for (const [start, end, isPattern] of literals) {
    prose += ofComments(text.slice(at, start), /\/\/.*$|\/\*[^]*?\*\//gm);
    const inside = text.slice(start + 1, end - 1);
    prose += gap + (isPattern || !/\w \w/.test(inside) ? blank(inside) : inside) + gap;
    at = end;
  }
  return prose + ofComments(text.slice(at), /\/\/.*$|\/\*[^]*?\*\//gm);
}

/** Keeps comments. Adjacent comment lines are one text, with spaces for their markers. */
function ofComments(text: string, comments: RegExp): string {
  let prose = '';
  let at = 0;
  for (const { 0: comment, index } of text.matchAll(comments)) {
    const between = text.slice(at, index);
    prose += prose !== '' && between.trim() === '' ? between : blank(between);
    prose += comment.replaceAll(/^\s*(?:\/\/+|\/\*+|\*(?!\/)|#+|--+)|\*\/$/gm, (mark) =>
      mark.replaceAll(/[^\n]/g, ' '),
    );
    at = index + comment.length;
  }
  return prose + blank(text.slice(at));
}

function ofHashComments(text: string): string {
  return ofComments(text.replaceAll(/<%[^]*?%>/g, blank), /(?<=^|\s)#.*$/gm);
}

/** Drops code blocks, comments and the targets of links. */
function ofMarkdown(text: string): string {
  return text
    .replaceAll(/^( *)(```|~~~)[^]*?^\1\2/gm, blank)
    .replaceAll(/<!--[^]*?-->|<%[^]*?%>|(?<=\])\([^)\s]*\)|\n{2,}/g, blank);
}

function ofMarkup(text: string): string {
  return text.replaceAll(/<%[^]*?%>|<(style|script)\b[^]*?<\/\1>|<[^>]*>/g, blank);
}
