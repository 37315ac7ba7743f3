import { Eta } from 'eta';

/** What the page says, and what its one button does, if it has one. */
interface Content {
  readonly title: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly action: 'unsubscribe' | 'resubscribe' };
}

const style = `
:root{color-scheme:light dark;--ground:light-dark(#f3f1ec,#14171a);--card:light-dark(#fff,#1d2125);--ink:light-dark(#1e2226,#f0eee8);--quiet:light-dark(#5f656b,#a8afb6);--line:light-dark(#e2ded5,#31373d);--accent:light-dark(#23624f,#8bd3ba);--on-accent:light-dark(#fff,#10231c);font:17px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
*{box-sizing:border-box;margin:0}
body{display:grid;min-height:100dvh;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink)}
main{width:100%;max-width:29rem;padding:2.4rem 2.2rem;background:var(--card);border:1px solid var(--line);border-radius:16px}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-0.02em;text-wrap:balance}
p{margin-top:.7rem;color:var(--quiet);overflow-wrap:anywhere;text-wrap:pretty}
button{margin-top:1.7rem;padding:.7rem 1.35rem;border:0;border-radius:10px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
button:hover{filter:brightness(1.08)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
button.resubscribe{background:none;color:var(--accent);box-shadow:inset 0 0 0 1.5px var(--line)}`;

const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title><%= it.title %></title>
<style><%~ it.style %></style>
</head>
<body>
<main>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% if (it.button) { %><form method="post"><button class="<%= it.button.action %>" name="action" value="<%= it.button.action %>"><%= it.button.label %></button></form><% } %>
</main>
</body>
</html>
`;

const eta = new Eta({ autoEscape: true });
const compiled = eta.compile(template);
const render = (content: Content): string => compiled.call(eta, { ...content, style });

/** Each page is whole in itself: no script, nothing fetched. */
export const pages = {
  ask: (recipient: string) =>
    render({
      title: 'No more reminders?',
      text: `${recipient} gets a mail when todos fall due. Nothing is changed before you press the button.`,
      button: { label: 'Unsubscribe', action: 'unsubscribe' },
    }),
  unsubscribed: (recipient: string) =>
    render({
      title: 'You get no more reminders',
      text: `From now on nothing is mailed to ${recipient}. If that was a slip, take it back:`,
      button: { label: 'Send me reminders again', action: 'resubscribe' },
    }),
  resubscribed: (recipient: string) =>
    render({
      title: 'Reminders are on again',
      text: `${recipient} gets a mail when todos fall due. Each has a link like the one that led you here.`,
    }),
  unknown: () =>
    render({
      title: 'This link is not complete',
      text: 'It may have been cut in two. Take it from the end of a reminder once more, whole.',
    }),
  unavailable: () =>
    render({
      title: 'That did not work just now',
      text: 'Nothing has been changed. Please try again in a minute.',
    }),
};
