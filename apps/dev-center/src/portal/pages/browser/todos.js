// The todos of the person whose cookies FusionAuth's Hosted Backend keeps in this browser. No token reaches this script: the
// browser adds the cookies to its calls.
const part = (name) => document.getElementById(name);
const { api, refresh, id: askedId, ask } = part('todos').dataset;
const form = part('add');
const pageSize = 100;
const withinMs = 15_000;

/** The fault, in words for the person; `status` where the Todo API answered. */
class Problem extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}
class LoggedOut extends Error {}

async function reach(name, url, options) {
  try {
    return await fetch(url, { credentials: 'include', signal: AbortSignal.timeout(withinMs), ...options });
  } catch {
    throw new Problem(`${name} does not answer. Try again in a moment.`);
  }
}

let renewals = 0;
let renewing;

/** Renews the log-in once for all calls that were refused meanwhile; `seen` is `renewals` as it was when the call began. */
function renew(seen) {
  if (seen < renewals) return undefined;
  renewing ??= askFusionAuth().finally(() => (renewing = undefined));
  return renewing;
}

async function askFusionAuth() {
  // Of this type a call needs no preflight; FusionAuth's own SDKs send the same.
  const options = { method: 'POST', headers: { 'content-type': 'text/plain' } };
  const answer = await reach('FusionAuth, which must renew your log-in,', refresh, options);
  if (answer.status === 400) throw new LoggedOut();
  if (!answer.ok) throw new Problem(`FusionAuth did not renew your log-in (${answer.status}).`);
  renewals += 1;
}

/** The answer of the Todo API to a call of the person. Throws a Problem, and LoggedOut. */
async function call(method, path, body, headers = {}) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const options = { method, headers: { ...type, ...headers }, body: JSON.stringify(body) };
  const send = () => reach('The Todo API', api + path, options);
  const seen = renewals;
  let answer = await send();
  if (answer.status === 401) {
    await renew(seen);
    answer = await send();
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer.status === 204 ? undefined : answer.json();
}

async function problemOf(answer) {
  if (answer.status === 401) {
    const cure = 'TOKEN_LOCATION must name cookie, and both must have a host or a parent domain in common';
    return new Problem(`The Todo API refused the log-in that FusionAuth has just renewed: ${cure}.`);
  }
  const { detail, errors = [] } = await answer.json().catch(() => ({}));
  const fields = errors.map(({ path, message }) => `${path.replace('body.', '')} ${message}`).join('; ');
  return new Problem(fields || detail || `The Todo API answered ${answer.status}.`, answer.status);
}

function say(text, kind = 'notice') {
  part('said').className = text && kind;
  part('said').textContent = text;
}

/** Does something that the person asked for, and says what went wrong. */
async function run(task, button) {
  say('');
  if (button) button.disabled = true;
  try {
    await task();
  } catch (error) {
    if (error instanceof LoggedOut) showLoggedOut();
    else say(error.message, 'problem');
  } finally {
    if (button) button.disabled = false;
    // What is disabled loses the focus.
    if (button?.isConnected && document.activeElement === document.body) button.focus();
  }
}

function showLoggedOut() {
  for (const list of document.querySelectorAll('.todos')) list.replaceChildren();
  for (const name of ['person', 'asked', 'own']) part(name).hidden = true;
  part('logged-out').hidden = false;
  part('logged-out-heading').focus();
}

function rowOf({ id, title, notes, dueAt, status }) {
  const row = part('row').content.firstElementChild.cloneNode(true);
  const set = (selector, text) => {
    const place = row.querySelector(selector);
    place.textContent = text ?? '';
    place.hidden = text === null;
    return place;
  };
  const due = dueAt && new Date(dueAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  row.dataset.id = id;
  set('.title', title);
  set('.notes', notes);
  set('time', due).dateTime = dueAt ?? '';
  row.querySelector(`[data-do=${status}]`).remove();
  for (const button of row.querySelectorAll('button')) name(button, button.textContent, title);
  return row;
}

/** A button's text, and for those who do not see its row which todo it is about. */
function name(button, text, title) {
  button.textContent = text;
  button.setAttribute('aria-label', `${text}: ${title}`);
}

async function fill(status, cursor) {
  const query = new URLSearchParams({ owner: 'me', status, limit: pageSize, ...(cursor && { cursor }) });
  const { items, nextCursor } = await call('GET', `/todos?${query}`);
  part(status).append(...items.map(rowOf));
  const more = document.querySelector(`[data-more=${status}]`);
  more.hidden = nextCursor === null;
  more.dataset.cursor = nextCursor ?? '';
}

async function add() {
  const { title, due } = Object.fromEntries(new FormData(form));
  const todo = { title, ...(due && { dueAt: new Date(due).toISOString() }) };
  part('open').prepend(rowOf(await call('POST', '/todos', todo, { 'idempotency-key': form.dataset.key })));
  form.reset();
  newKey();
  say(`“${title}” was added.`);
  part('title').focus();
}

/** After a lost answer the same todo is sent again, until something else is typed. */
const newKey = () => (form.dataset.key = crypto.randomUUID());

const rowsOf = (id) => [...document.querySelectorAll('.todos li')].filter((row) => row.dataset.id === id);

/** Marks a todo as done, opens it again, or deletes it at the second press. */
async function change(button) {
  const row = button.closest('li');
  const { id } = row.dataset;
  const title = row.querySelector('.title').textContent;
  const wanted = button.dataset.do;
  if (wanted === 'delete' && !button.dataset.sure) {
    button.dataset.sure = 'yes';
    return name(button, 'Delete permanently', title);
  }
  const heading = row.closest('section').querySelector('h2');
  try {
    const todo =
      wanted === 'delete'
        ? await call('DELETE', `/todos/${id}`)
        : await call('PATCH', `/todos/${id}`, { status: wanted });
    for (const one of rowsOf(id)) one.closest('#asked') && todo ? one.replaceWith(rowOf(todo)) : one.remove();
    if (todo) part(todo.status).prepend(rowOf(todo));
  } catch (error) {
    if (error.status !== 404) throw error;
    for (const one of rowsOf(id)) one.remove();
    throw new Problem(`“${title}” was deleted in the meantime.`);
  }
  say(`“${title}” ${{ done: 'is done', open: 'is open again', delete: 'was deleted' }[wanted]}.`);
  heading.focus();
}

/** Shows the todo of the link. Nothing is changed before a button is pressed. */
async function showAsked(who) {
  const todo = await call('GET', `/todos/${askedId}`).catch((error) => {
    if (error.status !== 404) throw error;
    throw new Problem(
      `Your link does not belong to a todo of ${who}: it was deleted, or it belongs to somebody else.`,
    );
  });
  part('asked').hidden = false;
  part('asked').querySelector('ul').replaceChildren(rowOf(todo));
  if (ask && todo.status === 'done') part('asked-heading').textContent = 'This todo is done';
  part('asked')
    .querySelector(ask ? '[data-do=done]' : 'h2')
    ?.focus();
}

document.addEventListener('click', ({ target }) => {
  const { do: wanted, more, cursor } = target.dataset;
  if (wanted) void run(() => change(target), target);
  if (more) void run(() => fill(more, cursor), target);
});
form.addEventListener('input', newKey);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run(add, form.querySelector('button'));
});
newKey();
void run(async () => {
  const [{ email, subject }] = await Promise.all([call('GET', '/me'), fill('open'), fill('done')]);
  part('person').querySelector('bdi').textContent = email ?? subject;
  for (const one of ['person', 'own']) part(one).hidden = false;
  if (askedId) await showAsked(email ?? subject);
});
