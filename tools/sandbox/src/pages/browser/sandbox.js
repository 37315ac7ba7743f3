// Keeps the page up to date: it is fetched again every second, and the parts that differ are replaced. Without this script
// the page is as it was when it was opened.
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
  // A sandbox that is restarted is back soon.
  await look().catch(() => undefined);
}
