// Opens a cell of the report: how its value was measured, and its evidence. One popover serves all cells.

const { document } = globalThis;
const behind = document.getElementById('behind');
let open;

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-details]');
  if (!button) return;
  // By default the button would only close what another cell has opened.
  event.preventDefault();
  const again = button === open && behind.matches(':popover-open');
  behind.togglePopover(false);
  if (again) return;
  open = button;
  fill(button);
  behind.showPopover({ source: button });
});

function fill(button) {
  const cell = button.closest('td');
  const mode = cell.closest('table').tHead.rows[0].cells[cell.cellIndex];
  const row = cell.parentElement.cells[0];
  behind.querySelector('.what').textContent = `${row.textContent}, ${mode.textContent}`;
  const all = JSON.parse(document.getElementById('details').textContent);
  const lines = button.dataset.details.split(' ').flatMap((number) => {
    const [term, text] = all[number];
    return [element('dt', term), element('dd', ...rich(text))];
  });
  behind.querySelector('dl').replaceChildren(...lines);
}

/** The parts of a text in which backticks enclose code, with links for addresses. */
function rich(text) {
  return text
    .split('`')
    .flatMap((part, at) =>
      at % 2 === 1 ? [element('code', part)] : part.split(/(https:[^\s;]+)/).map(linked),
    );
}

function linked(part) {
  if (!part.startsWith('https:')) return part;
  const link = element('a', part);
  link.href = part;
  return link;
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
