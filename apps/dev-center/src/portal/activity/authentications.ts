/** The number of requests that the Todo API accepted or refused, by strategy. */
export interface Count {
  readonly via: string;
  /** `accepted`, or the kind of failure. */
  readonly outcome: string;
  readonly count: number;
}

const sample = /^gatehouse_authentications_total\{([^}]*)\} (\S+)$/gm;
const withinMs = 1_000;

/** Reads the counts since the start of the Todo API from its metrics; undefined if they cannot be read. */
export async function readAuthentications(metricsUrl: string | undefined): Promise<Count[] | undefined> {
  if (metricsUrl === undefined) return undefined;
  try {
    const answer = await fetch(`${metricsUrl}/metrics`, { signal: AbortSignal.timeout(withinMs) });
    return answer.ok ? countsIn(await answer.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** Parses the counts in the text format of Prometheus. */
export const countsIn = (text: string): Count[] =>
  [...text.matchAll(sample)].map(([, labels = '', count]) => ({
    via: labelIn(labels, 'via'),
    outcome: labelIn(labels, 'outcome'),
    count: Number(count),
  }));

const labelIn = (labels: string, name: string): string =>
  new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
