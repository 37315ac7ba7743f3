const blockKinds = 'alt|loop|opt|par';

/**
 * Reads a sequence diagram of Mermaid (https://mermaid.js.org/syntax/sequenceDiagram.html). Returns its participants, from left
 * to right, and its steps: messages and notes between participants by their index, and blocks of steps. Throws an Error for a line that is not understood.
 */
export function parseSequence(source) {
  const actors = [];
  const open = [{ parts: [{ steps: [] }] }];
  const indexOf = (id) => {
    const index = actors.findIndex((actor) => actor.id === id);
    if (index < 0) throw new Error(`A sequence diagram names ${id}, which is not among its participants.`);
    return index;
  };
  const add = (step) => open.at(-1).parts.at(-1).steps.push(step);
  const rules = [
    [/^sequenceDiagram$/, () => undefined],
    [/^participant (\w+) as (.+)$/, (id, label) => actors.push({ id, label })],
    [
      /^(\w+)(--?)>>(\w+): (.+)$/,
      (from, dash, to, text) =>
        add({ type: 'message', from: indexOf(from), to: indexOf(to), text, answer: dash === '--' }),
    ],
    [
      /^Note over (\w+)(?:,(\w+))?: (.+)$/,
      (from, to, text) => add({ type: 'note', from: indexOf(from), to: indexOf(to ?? from), text }),
    ],
    [
      /^Note right of (\w+): (.+)$/,
      (of, text) => add({ type: 'note', from: indexOf(of), to: indexOf(of), text, beside: true }),
    ],
    [
      new RegExp(`^(${blockKinds}) (.+)$`),
      (kind, title) => {
        const block = { type: 'block', kind, parts: [{ title, steps: [] }] };
        add(block);
        open.push(block);
      },
    ],
    [/^(?:else|and) (.+)$/, (title) => open.at(-1).parts.push({ title, steps: [] })],
    [/^end$/, () => open.pop()],
  ];
  for (const text of source.split('\n').map((one) => one.trim())) {
    if (text === '') continue;
    const [pattern, read] = rules.find(([one]) => one.test(text)) ?? [];
    if (!read) throw new Error(`The site cannot draw this line of a sequence diagram: ${text}`);
    read(...pattern.exec(text).slice(1));
  }
  return { actors, steps: open[0].parts[0].steps };
}
