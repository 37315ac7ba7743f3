import { Eta } from 'eta';
import type { Config, TopLevelSpec } from 'vega-lite';

/** Colours by name: custom properties, so that one picture suits light, dark and print. The page's style sheet has them too. */
export const ink = 'var(--chart-ink)';
export const faint = 'var(--chart-faint)';
export const series = [
  'var(--chart-1)',
  'var(--chart-2)',
  'var(--chart-3)',
  'var(--chart-4)',
  'var(--chart-5)',
  'var(--chart-6)',
  'var(--chart-7)',
  'var(--chart-8)',
] as const;

const font = 'system-ui, sans-serif';

const config: Config = {
  background: 'transparent',
  font,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    gridColor: faint,
    domainColor: faint,
    tickColor: faint,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelLimit: 0,
  },
  legend: { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12, labelLimit: 0 },
  header: { labelColor: ink, titleColor: ink, labelFontSize: 12 },
  text: { color: ink, fontSize: 12, font },
};

/** A picture as SVG that takes the width it is given. `title` is the text alternative. */
export async function draw(title: string, chart: TopLevelSpec): Promise<string> {
  // Loaded when something is drawn: it takes longer than the rest of the tool.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile({ ...chart, config });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return tidied(svg).replace('<svg ', `<svg role="img" aria-label="${escaped(title)}" `);
}

/** Without a size and a ground of its own, and without what a picture that is one image to a screen reader has no use for. */
const tidied = (svg: string): string =>
  svg
    .replace(/ width="[\d.]+" height="[\d.]+"/, '')
    .replaceAll(/<path [^>]*d="(M0,0h0v0h0Z)?"[^>]*\/>/g, '')
    .replaceAll(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
    .replaceAll(/ (aria-(hidden|label|roledescription)|role|class|pointer-events)="[^"]*"/g, '')
    .replaceAll(/ (opacity="1"|stroke-width="0"|font-family="[^"]*")/g, '')
    .replace('<svg ', `<svg font-family="${font}" `);

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const picture = new Eta({ views: import.meta.dirname, autoEscape: false });

/** The picture as a file of its own, with its colours for light and for dark ground. */
export const pictureFile = (svg: string): string =>
  svg.replace(/(<svg [^>]*>)/, (opening) => opening + picture.render('./colours', {}));
