import { Eta } from 'eta';
import type { Digest, Section } from './digest.js';
import type { Framed } from './digest-text.js';

// Mail programs that know the dark scheme read the style sheet, Outlook by its own attribute; all others keep to the
// inline colours.
const dark = (scope: string) =>
  [
    ['.page', 'background:#131619'],
    ['.card', 'background:#1c2024;border-color:#2e343a'],
    ['.ink', 'color:#f1efe9'],
    ['.quiet', 'color:#a6adb4'],
    ['.line', 'border-color:#2e343a'],
    ['.Overdue', 'color:#ffab98'],
    ['.Today', 'color:#8fd6bd'],
    ['.Tomorrow', 'color:#aec8f2'],
    ['.Later', 'color:#c6cbd0'],
    ['.chip.Overdue', 'background:#40231d'],
    ['.chip.Today', 'background:#1d372f'],
    ['.chip.Tomorrow', 'background:#222f46'],
    ['.chip.Later', 'background:#2b3035'],
  ]
    .map(([selector = '', rules = '']) => `${scope}${selector}{${rules.replaceAll(/;|$/g, '!important;')}}`)
    .join('\n');

const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title><%= it.subject %></title>
<!--[if mso]><style>*{font-family:'Segoe UI',Arial,sans-serif!important}</style><![endif]-->
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
${dark('')}
}
${dark('[data-ogsc] ')}
@media (max-width:480px){.pad{padding-left:24px!important;padding-right:24px!important}.when{width:78px!important}}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f1ea;-webkit-text-size-adjust:100%">
<div role="article" aria-roledescription="email" aria-label="<%= it.subject %>">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all"><%= it.preview %></div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f1ea;font-family:<%~ it.font %>;font-size:16px;line-height:1.45">
<tr><td align="center" style="padding:40px 12px 48px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:580px;text-align:left">
<tr><td>
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="background:#fffefb;border:1px solid #e5e0d5;border-radius:16px">
<tr><td class="pad" style="padding:36px 40px 6px">
<p class="quiet" style="margin:0 0 6px;font-size:14px;color:#62676d"><%= it.date %></p>
<h1 class="ink" style="margin:0;font-size:27px;line-height:1.2;font-weight:700;letter-spacing:-0.02em;color:#1e2226"><%= it.heading %></h1>
<% if (it.counts.length > 0) { %>
<p style="margin:14px 0 0;font-size:13px;line-height:2">
<% it.counts.forEach(function (count) { %>
<span class="chip <%= count.name %>" style="display:inline-block;margin:0 4px 0 0;padding:1px 11px;border-radius:99px;font-weight:600;background:<%= it.tints[count.name] %>;color:<%= it.colours[count.name] %>"><%= count.total %> <%= count.name.toLowerCase() %></span>
<% }) %>
</p>
<% } %>
</td></tr>
<% it.sections.forEach(function (section) { %>
<tr><td class="pad" style="padding:22px 40px 0">
<h2 class="<%= section.name %>" style="margin:0 0 8px;font-size:14px;line-height:1.4;font-weight:700;color:<%= it.colours[section.name] %>"><%= section.name %></h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
<% section.lines.forEach(function (line) { %>
<tr>
<td class="when line" width="96" valign="top" style="width:96px;padding:12px 14px 13px 0;border-top:1px solid #ebe7dd">
<div class="ink" style="font-size:15px;line-height:1.45;color:#1e2226;font-variant-numeric:tabular-nums"><%= line.time %> <span class="quiet" style="font-size:12px;color:#62676d"><%= line.zone %></span></div>
<% if (line.day) { %><div class="quiet" style="font-size:13px;line-height:1.35;color:#62676d"><%= line.day %></div><% } %>
</td>
<td class="line ink" dir="auto" valign="top" style="padding:12px 0 13px;border-top:1px solid #ebe7dd;font-weight:600;color:#1e2226;overflow-wrap:anywhere;word-break:break-word"><%= line.title %></td>
</tr>
<% }) %>
</table>
</td></tr>
<% }) %>
<% if (it.more > 0) { %>
<tr><td class="pad" style="padding:0 40px"><p class="line quiet" style="margin:0;padding:14px 0 0;border-top:1px solid #ebe7dd;font-size:15px;color:#62676d">… and <%= it.more %> more</p></td></tr>
<% } %>
<tr><td style="padding:0 0 30px;font-size:0;line-height:0">&nbsp;</td></tr>
</table>
</td></tr>
<tr><td class="pad quiet" style="padding:22px 40px 0;font-size:13px;line-height:1.6;color:#62676d"><%= it.from %> writes because these todos are yours and still open. Nobody reads replies.<br>
<a class="quiet" href="<%= it.unsubscribeUrl %>" style="color:#62676d;text-decoration:underline">Unsubscribe</a></td></tr>
</table>
</td></tr>
</table>
</div>
</body>
</html>
`;

const font = "system-ui,-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const colours = { Overdue: '#a8321d', Today: '#23624f', Tomorrow: '#35548f', Later: '#55606b' };
const tints = { Overdue: '#fbe6e0', Today: '#e2f0ea', Tomorrow: '#e5ecf8', Later: '#eceef0' };

// Every interpolation is escaped, unless it is written with a tilde.
const eta = new Eta({ autoEscape: true });
const render = eta.compile(template);

export interface HtmlFrame extends Framed {
  /** Who writes, in words. */
  readonly from: string;
}

/** The digest as one self-contained page: no image, nothing fetched, one link. Every text is escaped. */
export function digestHtml(digest: Digest, frame: HtmlFrame): string {
  return render.call(eta, { ...digest, ...frame, preview: previewOf(digest.sections), font, colours, tints });
}

/** What a list of mails shows beside the subject. */
const previewOf = (sections: readonly Section[]): string =>
  sections
    .flatMap(({ lines }) => lines.map(({ title }) => title))
    .slice(0, 5)
    .join(' · ');
