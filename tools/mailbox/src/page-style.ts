/** The look of the mailbox: two columns, one on a small screen; light and dark as the system says. */
export const style = String.raw`
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f2ed, #131518);
  --panel: light-dark(#fffefb, #1a1d21);
  --raised: light-dark(#fff, #22262b);
  --ink: light-dark(#1e2226, #e9e7e1);
  --muted: light-dark(#62676d, #9ba1a8);
  --line: light-dark(#e3dfd6, #2d3238);
  --accent: light-dark(#2c6a58, #85cbb3);
  --tint: light-dark(#e7f0ec, #20312c);
  --fresh: light-dark(#c2571a, #f0a36b);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
* { box-sizing: border-box; margin: 0; }
body { display: grid; grid-template-rows: auto 1fr; height: 100dvh; background: var(--ground); color: var(--ink); }
a { color: var(--accent); text-underline-offset: 0.15em; }
code, kbd, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.88em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 6px; }
h1:focus { outline: none; }

.bar { display: flex; align-items: center; gap: 0.9rem; padding: 0.65rem 1.1rem; border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 0.6rem; color: inherit; text-decoration: none; font-weight: 650; font-size: 1.05rem; letter-spacing: -0.01em; }
.state { display: inline-flex; align-items: center; gap: 0.4rem; font-size: 0.8rem; color: var(--muted); }
.state:not(:empty)::before { content: ''; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--fresh); }
.state.live::before { background: #38a169; }
.smtp { margin-left: auto; font-size: 0.8rem; color: var(--muted); }

main { display: grid; grid-template-columns: minmax(17rem, 23rem) minmax(0, 1fr); min-height: 0; }
.list { display: flex; flex-direction: column; min-height: 0; border-right: 1px solid var(--line); }
.list ol { flex: 1; overflow-y: auto; list-style: none; padding: 0.5rem; scrollbar-width: thin; }
.list a { position: relative; display: block; padding: 0.65rem 0.8rem 0.7rem; border-radius: 9px; color: inherit; text-decoration: none; }
.list a:hover { background: light-dark(#ece9e1, #1e2227); }
.list a[aria-current] { background: var(--tint); }
.list a[aria-current]::before { content: ''; position: absolute; inset: 0.75rem auto 0.75rem 0; width: 3px; border-radius: 3px; background: var(--accent); }
.list li + li { margin-top: 2px; }
.who { display: flex; justify-content: space-between; gap: 0.8rem; font-size: 0.82rem; color: var(--muted); }
.who b { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 500; }
.who time { flex: none; font-variant-numeric: tabular-nums; }
.subject { display: block; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.preview { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 0.86rem; line-height: 1.4; color: var(--muted); overflow-wrap: anywhere; }
.arrived a { animation: arrive 1.8s ease-out; }
.arrived .subject::before { content: ''; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.45rem; border-radius: 50%; background: var(--fresh); vertical-align: 0.1em; }
@keyframes arrive { from { background: light-dark(#fbe6d6, #3a2b20); } }
.keys { padding: 0.5rem 1.3rem 0.7rem; font-size: 0.78rem; color: var(--muted); border-top: 1px solid var(--line); }
kbd { padding: 0.05rem 0.38rem; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; background: var(--raised); }

.pane { display: flex; flex-direction: column; min-width: 0; min-height: 0; background: var(--panel); }
.head { padding: 1.3rem 1.6rem 0; border-bottom: 1px solid var(--line); }
.head h1 { font-size: 1.4rem; line-height: 1.3; letter-spacing: -0.015em; overflow-wrap: anywhere; text-wrap: balance; }
.head dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 0.9rem; margin: 0.7rem 0 0.2rem; font-size: 0.88rem; }
dt { color: var(--muted); }
dd { overflow-wrap: anywhere; }
.back { display: none; margin-bottom: 0.5rem; text-decoration: none; font-size: 0.9rem; }
.files { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; margin: 0.7rem 0 0; list-style: none; font-size: 0.86rem; }
.files li { padding: 0.2rem 0.65rem; border: 1px solid var(--line); border-radius: 99px; background: var(--raised); }
.files small { color: var(--muted); }
.views { display: flex; gap: 1.3rem; margin-top: 0.9rem; }
.views a { padding: 0.35rem 0.1rem 0.5rem; color: var(--muted); text-decoration: none; font-size: 0.9rem; border-bottom: 2px solid transparent; }
.views a:hover { color: var(--ink); }
.views a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--accent); }
.body { flex: 1; min-height: 0; width: 100%; border: 0; overflow: auto; }
/* No background: a mail that knows no dark scheme gets an opaque white canvas from the browser, others their own. */
iframe.body { margin: 1rem; width: auto; align-self: stretch; border: 1px solid var(--line); border-radius: 10px; }
pre.body { padding: 1.4rem 1.6rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.source { font-size: 0.8rem; color: var(--muted); }
.download { padding: 0.5rem 1.6rem; border-top: 1px solid var(--line); font-size: 0.85rem; }

.alone { grid-column: 1 / -1; background: none; }
.nothing { margin: auto; max-width: 34rem; padding: 2rem 1.6rem 12vh; text-align: center; }
.nothing h1 { margin: 1.2rem 0 0.5rem; font-size: 1.5rem; letter-spacing: -0.02em; }
.nothing p { color: var(--muted); text-wrap: pretty; margin-bottom: 0.8rem; }
.nothing .quiet { font-size: 0.85rem; }
.nothing svg { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
.paper { fill: var(--raised); stroke: var(--line); }
.fold { stroke: var(--accent); }

@media (max-width: 47.99rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  .list { border-right: 0; }
  .smtp, .keys { display: none; }
  body[data-at='list'] .pane:not(.alone), body[data-at='mail'] .list { display: none; }
  body[data-at='list'] .list a[aria-current] { background: none; }
  body[data-at='list'] .list a[aria-current]::before { content: none; }
  iframe.body { margin: 0; border: 0; border-radius: 0; }
  .back { display: inline-block; }
  .head { padding: 0.9rem 1.1rem 0; }
  pre.body { padding: 1.1rem; }
}
@media (prefers-reduced-motion: reduce) { .arrived a { animation: none; } }
`;
