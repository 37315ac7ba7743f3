import { ExitError } from '#gatehouse/platform';

/** The names that users of the package have for the settings of the sandbox. */
type Terms = Readonly<Record<'DATA_DIR' | 'KICKSTART_FILE' | 'PORT', string>>;

/** Resolves with the result of `work`; an ExitError of it names the settings as the users of the package do. */
export async function inTermsOf<Result>(terms: Terms, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    const message = error.message.replaceAll(
      /\b(?:DATA_DIR|KICKSTART_FILE|PORT)\b/g,
      (name) => terms[name as keyof Terms],
    );
    throw new ExitError(message, error.exitCode, { cause: error });
  }
}
