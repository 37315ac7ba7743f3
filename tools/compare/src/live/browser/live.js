// Runs the comparison from its page: the button starts it, and cells appear as they are measured.

const { CSS, document, EventSource, fetch, location } = globalThis;
const runOfPage = document.body.dataset.run ?? '';
const button = document.getElementById('measure');
const progress = document.querySelector('#measuring progress');
const details = document.getElementById('details');

button.addEventListener('click', async () => {
  button.disabled = true;
  const answer = await fetch('live', { method: 'POST' });
  document.getElementById('refusal').textContent = await answer.text();
  button.disabled = answer.ok;
});

const events = new EventSource('live');
// The server renders the page again when a run starts and when it has finished.
events.addEventListener('run', ({ data: run }) => {
  if (run !== runOfPage) location.reload();
});
events.addEventListener('cell', ({ data }) => {
  show(JSON.parse(data));
  progress.max = document.querySelectorAll('td[id]').length;
  progress.value = document.querySelectorAll('td[id] button').length;
});
events.addEventListener('note', ({ data: text }) => {
  document.querySelector('#measuring .note').textContent = text;
});

/** Renders a cell as the server would have, in its section and in the summary. */
function show({ id, text, rating, look, details: lines }) {
  const numbers = added(lines);
  for (const cell of document.querySelectorAll(
    `td[id="${CSS.escape(id)}"], td[data-cell="${CSS.escape(id)}"]`,
  )) {
    const opener = document.createElement('button');
    opener.setAttribute('popovertarget', 'behind');
    opener.dataset.details = numbers;
    opener.append(...withCode(text));
    opener.className = look ?? '';
    cell.className = `fresh ${rating ?? ''}`;
    cell.replaceChildren(opener);
  }
}

/** The parts of a text in which backticks enclose code. */
function withCode(text) {
  return text.split('`').map((part, at) => {
    if (at % 2 === 0) return part;
    const code = document.createElement('code');
    code.textContent = part;
    return code;
  });
}

/** Adds lines to the details of the cells. Returns their numbers. */
function added(lines) {
  const all = JSON.parse(details.textContent);
  details.textContent = JSON.stringify([...all, ...lines]);
  return lines.map((_line, at) => all.length + at).join(' ');
}
