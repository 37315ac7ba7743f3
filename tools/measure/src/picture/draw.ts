import { Eta } from 'eta';
import type { Config, TopLevelSpec } from 'vega-lite';

/**
 * Colours by name: custom properties, so that one picture suits light, dark and print. The page's style sheet defines
 * them too.
 */
export const ink = 'var(--chart-ink)';
const faint = 'var(--chart-faint)';
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

/** Draws an SVG that fills the available width. `title` is the text alternative. */
export async function draw(title: string, chart: TopLevelSpec): Promise<string> {
  // Loaded only to draw: loading takes longer than the rest of the tool.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile({ ...chart, config });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return tidied(svg).replace('<svg ', `<svg role="img" aria-label="${escaped(title)}" `);
}

/**
 * Removes the fixed size, the background, and the parts that are useless in a picture that is a single image to a
 * screen reader.
 */
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

/** Returns the picture as a file, with its colours for light and dark backgrounds. */
export const pictureFile = (svg: string): string =>
  svg.replace(/(<svg [^>]*>)/, (opening) => opening + picture.render('./colours', {}));
