// Copy buttons, and forms whose answer is shown in the page. Without this script the text can be selected, and such a
// form opens a page of its own.
// Browsers offer the clipboard only to pages from https or from this machine.
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    const before = button.innerHTML;
    button.textContent = 'Copied';
    button.disabled = true;
    setTimeout(() => {
      button.innerHTML = before;
      button.disabled = false;
    }, 1500);
  });
}

for (const form of document.querySelectorAll('form[data-into]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const place = document.getElementById(form.dataset.into);
    const body = new URLSearchParams(new FormData(form));
    place.textContent = '…';
    try {
      const answer = await fetch(form.action, { method: 'POST', headers: { 'X-Part': '1' }, body });
      place.innerHTML = await answer.text();
    } catch {
      place.textContent = 'The Dev Center does not answer. Try again in a moment.';
    }
  });
}

// A form that is sent twice by an impatient hand is sent once; the server would make one credential of both.
for (const form of document.querySelectorAll('form[method="post"]:not([data-into])')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button');
    setTimeout(() => (button.disabled = true));
  });
}

// What was shown once is not kept by the browser for its back button either.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
