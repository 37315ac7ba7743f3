// The page's script: it merges new mails into the list without touching the open one, follows links without a reload,
// and shows times in the reader's own time zone. Everything also works without it, with plain links.

const state = document.getElementById('state');

const fetched = async (url) => new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');

function describe(instant) {
  const minutes = Math.floor((Date.now() - instant) / 60000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes + ' min ago';
  const today = instant.toDateString() === new Date().toDateString();
  return instant.toLocaleString(
    [],
    today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
}

function tellTimes() {
  for (const time of document.querySelectorAll('time')) {
    const instant = new Date(time.dateTime);
    const full = time.parentElement.className === 'full';
    const text = full
      ? instant.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })
      : describe(instant);
    if (time.textContent !== text) time.textContent = text;
    time.title = instant.toLocaleString([], { dateStyle: 'full', timeStyle: 'long' });
  }
}

/**
 * Merges the list. Mails never change, so rows are added and removed; a row that stays keeps its focus and its place.
 */
function mergeList(next) {
  const list = document.getElementById('list');
  const rows = [...next.querySelectorAll('#list > li')];
  const ids = new Set(rows.map((row) => row.id));
  for (const row of [...list.children]) if (!ids.has(row.id)) row.remove();
  rows.forEach((row, index) => {
    if (document.getElementById(row.id)) return;
    row.classList.add('arrived');
    list.insertBefore(row, list.children[index] ?? null);
  });
}

/** Merges the line above the list; a focused link in it keeps the focus while the line stays the same. */
function mergeFound(next) {
  const [now, then] = [document, next].map((page) => page.getElementById('found'));
  if (now.innerHTML !== then.innerHTML) now.replaceWith(then);
}

function markOpen() {
  const open = document.getElementById('pane').dataset.mail;
  for (const row of document.querySelectorAll('#list > li')) {
    const link = row.firstElementChild;
    if (row.id !== 'mail-' + open) link.removeAttribute('aria-current');
    else if (!link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'true');
    if (row.id === 'mail-' + open) row.classList.remove('arrived');
  }
}

function merge(next, replacePane) {
  document.title = next.title;
  if (!document.getElementById('list') || !next.getElementById('list')) {
    document.getElementById('main').replaceWith(next.getElementById('main'));
  } else {
    mergeList(next);
    mergeFound(next);
    if (replacePane) document.getElementById('pane').replaceWith(next.getElementById('pane'));
  }
  markOpen();
  tellTimes();
}

async function show(url) {
  const next = await fetched(url);
  document.body.dataset.at = next.body.dataset.at;
  merge(next, true);
  document.querySelector('#list [aria-current]')?.scrollIntoView({ block: 'nearest' });
}

async function follow(link) {
  const intoMail = document.body.dataset.at === 'list';
  history.pushState(null, '', link.href);
  await show(link.href);
  const narrow = matchMedia('(max-width: 47.99rem)').matches;
  if (narrow && intoMail) document.querySelector('#pane h1')?.focus();
}

addEventListener('popstate', () => show(location.href));

addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-open]');
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  follow(link);
});

addEventListener('keydown', (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.matches('input')) return;
  const inList = document.activeElement?.closest('#list') !== null;
  const step = { j: 1, k: -1, ...(inList && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
  const links = [...document.querySelectorAll('#list a')];
  if (!step || links.length === 0) return;
  event.preventDefault();
  const from = links.findIndex((link) => link.hasAttribute('aria-current'));
  const link = links[Math.min(Math.max(from + step, 0), links.length - 1)];
  link.focus();
  if (links.indexOf(link) !== from) follow(link);
});

function say(text, live) {
  state.textContent = text;
  state.classList.toggle('live', live);
}

const arrivals = new EventSource('/events');
async function refresh() {
  // The page that asks whether to delete does not change while a person answers.
  if (document.body.dataset.at !== 'clear') merge(await fetched(location.href), false);
}
arrivals.addEventListener('mail', refresh);
arrivals.addEventListener('cleared', refresh);
arrivals.addEventListener('error', () => say('not running, trying again', false));
arrivals.addEventListener('open', () => {
  say('live', true);
  refresh();
});

setInterval(tellTimes, 15000);
tellTimes();
