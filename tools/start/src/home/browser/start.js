// Keeps the panels of npm start up to date. Without this script they show the state at the time of loading.
const state = document.getElementById('start-state');
const requests = document.getElementById('start-requests');
const hold = document.getElementById('start-hold');
const everyMs = 1000;
let held = false;

hold.hidden = false;
hold.addEventListener('click', () => {
  held = !held;
  hold.setAttribute('aria-pressed', String(held));
});

function replace(place, html) {
  if (place.dataset.shown === html) return;
  place.dataset.shown = html;
  place.innerHTML = html;
}

/** Replaces the requests. Open ones stay open and closed ones closed; a new one is open. */
function replaceRequests(html) {
  if (requests.dataset.shown === html) return;
  const known = new Map(
    [...requests.querySelectorAll('details')].map((one) => [one.dataset.request, one.open]),
  );
  const focused = document.activeElement?.closest('details')?.dataset.request;
  replace(requests, html);
  for (const [index, one] of requests.querySelectorAll('details').entries()) {
    if (index > 0) one.open = known.get(one.dataset.request) ?? false;
    if (one.dataset.request === focused) one.querySelector('summary').focus();
  }
}

async function update() {
  if (document.hidden) return;
  const answer = await fetch('/start/live');
  if (!answer.ok) return;
  const live = await answer.json();
  // The page around the panels also shows the active strategy.
  if (live.active !== state.dataset.active) return location.reload();
  replace(state, live.state);
  if (!held) replaceRequests(live.requests);
}

async function follow() {
  // npm start may have exited, or be about to start again.
  await update().catch(() => undefined);
  setTimeout(follow, everyMs);
}
follow();
