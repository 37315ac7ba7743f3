// Keeps the page up to date: fetches it every second and replaces the parts that differ. Without this script the page
// stays as it was when opened.
const everyMs = 1000;
const pause = document.querySelector('[data-pause]');
document.querySelector('[data-without-script]').hidden = true;
pause.hidden = false;
pause.addEventListener('click', () => {
  const paused = pause.getAttribute('aria-pressed') !== 'true';
  pause.setAttribute('aria-pressed', String(paused));
});

const isHeld = (part) =>
  part.contains(document.activeElement) || part.querySelector('details[open]') !== null;

async function look() {
  if (document.hidden || pause.getAttribute('aria-pressed') === 'true') return;
  const answer = await fetch('/');
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const now = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now.innerHTML !== part.innerHTML && !isHeld(part)) part.replaceChildren(...now.childNodes);
  }
}

for (;;) {
  await new Promise((resolve) => setTimeout(resolve, everyMs));
  // A sandbox that is being restarted answers again soon.
  await look().catch(() => undefined);
}
