interface Result {
  readonly credential: string;
  readonly client: string;
  readonly strategy: string;
  readonly expiresAt: string | null;
  readonly replaces?: { readonly credential: string; readonly endsAt: string; readonly madeHere: boolean };
}

/** What stands below the settings that were handed over. */
export function shownIssued({ credential, client, strategy, expiresAt, replaces }: Result): string {
  const until = expiresAt === null ? 'never expires' : `good until ${expiresAt}`;
  const lines = [
    `${client} has a new credential by ${strategy}, ${credential}, ${until}.`,
    ...(replaces ? [shownEnd(replaces)] : []),
  ];
  return lines.join('\n');
}

const shownEnd = ({ credential, endsAt, madeHere }: NonNullable<Result['replaces']>): string =>
  madeHere
    ? `The one before, ${credential}, works until ${endsAt}.`
    : `The one before, ${credential}, was not made here and works on: end it in FusionAuth by ${endsAt}, and then say so ` +
      `with "npm run credentials -- revoke ${credential}".`;
