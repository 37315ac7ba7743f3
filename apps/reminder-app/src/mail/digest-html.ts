import type { Digest } from './digest.js';

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

// Mail programs that know the dark scheme read the style sheet; all others keep to the inline colours.
const darkScheme = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background:#14171c!important}.card{background:#1f242b!important;border-color:#333b45!important}
.title{color:#f2f4f7!important}.due,.note{color:#a5b0bd!important}.late{color:#ff9d8a!important}
.line{border-color:#333b45!important}}`;

/** The digest as one self-contained page: no image, no link, nothing fetched. Every text is escaped. */
export function digestHtml({ subject, intro, lines, more, closing }: Digest): string {
  const rest = more > 0 ? `<p class="note" style="margin:16px 0 0;color:#5b6672">and ${more} more</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${darkScheme}</style>
</head>
<body class="page" style="margin:0;padding:24px 12px;background:#eef1f5;${font};font-size:16px;line-height:1.45">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #dde3ea;border-radius:12px">
<tr><td style="padding:28px 28px 24px">
<h1 class="title" style="margin:0 0 12px;font-size:20px;line-height:1.3;color:#1b2430">${escapeHtml(intro)}</h1>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
${lines.map(htmlLine).join('\n')}
</table>
${rest}
</td></tr>
</table>
<p class="note" style="max-width:560px;margin:16px auto 0;font-size:13px;color:#5b6672;text-align:center">${escapeHtml(closing)}</p>
</body>
</html>
`;
}

function htmlLine({ title, due, late }: Digest['lines'][number]): string {
  const [name, colour] = late ? ['late', '#b3341e'] : ['due', '#5b6672'];
  return `<tr><td class="line" style="padding:14px 0;border-top:1px solid #e6eaef">
<div class="title" dir="auto" style="font-weight:600;color:#1b2430;overflow-wrap:anywhere">${escapeHtml(title)}</div>
<div class="${name}" style="margin-top:2px;font-size:14px;color:${colour}">${escapeHtml(due)}</div>
</td></tr>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
