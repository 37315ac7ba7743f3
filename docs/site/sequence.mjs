// Draws the sequence diagrams of the documents, which GitHub draws by Mermaid, as SVG while the site is built: a reader's
// browser loads no renderer. It knows the part of Mermaid's language that the documents use, and throws for the rest.
import { parseSequence } from './sequence-language.mjs';

const letter = 6.7;
const line = 17;
const arrow = 26;
const pad = 12;

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const widthOf = (lines) => Math.max(...lines.map((one) => one.length)) * letter;
const boldWidthOf = (lines) => widthOf(lines) * 1.12;

/** Breaks a text between words into lines of at most `limit` letters; a longer word has a line to itself. */
function wrap(text, limit) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= limit || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Returns two columns and how far apart they must be for a step. What is beside a column needs the space before the next one. */
function needOf({ type, from, to, text }, limit) {
  const width = widthOf(wrap(text, limit));
  if (from === to) return { from, to: from + 1, width: width + arrow + 2 * pad };
  return { from: Math.min(from, to), to: Math.max(from, to), width: width + (type === 'note' ? 0 : 2 * pad) };
}

const boxOf = ({ label }) => boldWidthOf([label]) + 2 * pad;

/** The x of each column, and of the space after the last one. */
function columnsOf(actors, steps, limit) {
  const boxes = actors.map(boxOf);
  const gaps = actors.map((_, index) => (boxes[index] + (boxes[index + 1] ?? 0)) / 2 + pad);
  const needs = steps
    .map((step) => needOf(step, limit))
    .toSorted((one, other) => one.to - one.from - (other.to - other.from));
  for (const { from, to, width } of needs) {
    const missing = width - gaps.slice(from, to).reduce((sum, gap) => sum + gap, 0);
    for (let index = from; missing > 0 && index < to; index += 1) gaps[index] += missing / (to - from);
  }
  return gaps.reduce((xs, gap) => [...xs, xs.at(-1) + gap], [0]);
}

const textAt = (x, y, lines, attributes = 'text-anchor="middle"') =>
  lines
    .map((one, index) => `<text x="${x}" y="${y + index * line}" ${attributes}>${escaped(one)}</text>`)
    .join('');
const rect = (kind, x, y, width, height) =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`;
const path = (kind, d) => `<path class="${kind}" d="${d}"/>`;

/** A drawing in the making: where the next step goes, what is drawn, and how far it reaches to both sides. */
class Drawing {
  y = 0;
  parts = [];

  constructor(columns, limit) {
    this.columns = columns;
    this.limit = limit;
  }

  /** Draws steps one below the other, and returns how far they reach. */
  all(steps) {
    const reaches = steps.map((step) => this[step.type](step));
    return [Math.min(...reaches.map(([left]) => left)), Math.max(...reaches.map(([, right]) => right))];
  }

  message({ from, to, text, answer }) {
    const lines = wrap(text, this.limit);
    const [start, end] = [this.columns[from], this.columns[to]];
    const kind = answer ? 'answer' : 'message';
    if (from === to) return this.toItself(start, lines, kind);
    const towards = end > start ? 1 : -1;
    this.parts.push(textAt((start + end) / 2, this.y + line, lines));
    this.y += lines.length * line + 9;
    this.parts.push(path(kind, `M${start} ${this.y}H${end}`));
    this.parts.push(path('head', `M${end} ${this.y}l${-8 * towards} -4v8z`));
    this.y += 8;
    return [Math.min(start, end), Math.max(start, end)];
  }

  toItself(x, lines, kind) {
    const height = Math.max(lines.length * line, 2 * pad);
    this.y += 10;
    this.parts.push(path(kind, `M${x} ${this.y}h${arrow}v${height}h${-arrow}`));
    this.parts.push(path('head', `M${x} ${this.y + height}l8 -4v8z`));
    const top = this.y + (height - lines.length * line) / 2 + 13;
    this.parts.push(textAt(x + arrow + 8, top, lines, 'text-anchor="start"'));
    this.y += height + 8;
    return [x, x + arrow + 8 + widthOf(lines)];
  }

  note({ from, to, text, beside }) {
    const lines = wrap(text, this.limit);
    const width = Math.max(widthOf(lines), this.columns[to] - this.columns[from]) + pad;
    const middle = (this.columns[from] + this.columns[to]) / 2;
    const left = beside ? this.columns[from] + pad : middle - width / 2;
    const height = lines.length * line + 8;
    this.parts.push(rect('note', left, this.y + 8, width, height));
    this.parts.push(textAt(left + width / 2, this.y + 8 + line, lines, 'text-anchor="middle" class="boxed"'));
    this.y += height + 12;
    return [left, left + width];
  }

  /** A frame around the steps of a loop or of alternatives; drawn before them, so that it is below them. */
  block({ kind, parts }) {
    const at = this.parts.push('') - 1;
    const top = (this.y += 10);
    const titles = [];
    const reaches = parts.map(({ title, steps }, index) => {
      titles.push({ y: this.y, title: index === 0 ? `${kind} ${title}` : title });
      this.y += line + 4;
      return this.all(steps);
    });
    this.y += 6;
    const left = Math.min(...reaches.map(([one]) => one)) - pad;
    const longest = boldWidthOf(titles.map(({ title }) => title)) + pad;
    const right = Math.max(left + longest, ...reaches.map(([, one]) => one + pad));
    const dividers = titles.slice(1).map(({ y }) => path('divider', `M${left} ${y}H${right}`));
    const texts = titles.map(({ y, title }) =>
      textAt(left + 6, y + line - 2, [title], 'text-anchor="start" class="title"'),
    );
    this.parts[at] = [rect('frame', left, top, right - left, this.y - top), ...dividers, ...texts].join('');
    return [left, right];
  }
}

const every = (steps) =>
  steps.flatMap((step) => (step.type === 'block' ? step.parts.flatMap((part) => every(part.steps)) : step));

/** Returns the text for screen readers in place of the drawing. */
function inWords(actors, steps) {
  const said = every(steps).map(({ type, from, to, text }) => {
    if (type === 'note' || from === to) return `${actors[from].label}: ${text}`;
    return `${actors[from].label} to ${actors[to].label}: ${text}`;
  });
  return `Sequence diagram. ${said.join('. ')}.`;
}

/** Returns the SVG of a sequence diagram. Throws an Error for a line that it does not know. */
export function drawSequence(source) {
  const { actors, steps } = parseSequence(source);
  const limit = actors.length > 4 ? 18 : 26;
  const columns = columnsOf(actors, every(steps), limit);
  const drawing = new Drawing(columns, limit);
  const boxes = actors.map(boxOf);
  const [head, foot] = [30, () => drawing.y + 8];
  drawing.y = head + 4;
  const [left, right] = drawing.all(steps);
  const x = Math.min(left, -boxes[0] / 2) - 2;
  const width = Math.max(right, columns[actors.length - 1] + boxes.at(-1) / 2) + 2 - x;
  const lives = actors.map((_, index) => path('life', `M${columns[index]} ${head}V${foot()}`));
  const heads = actors.map(
    ({ label }, index) =>
      rect('actor', columns[index] - boxes[index] / 2, 1, boxes[index], head - 2) +
      textAt(columns[index], 20, [label], 'text-anchor="middle" class="title boxed"'),
  );
  return [
    `<svg v-pre role="img" aria-label="${escaped(inWords(actors, steps))}"`,
    ` viewBox="${x} 0 ${width} ${foot() + 2}" width="${width}" style="min-width:min(600px,${width}px)">`,
    ...[...lives, ...heads, ...drawing.parts],
    '</svg>',
  ].join('');
}
