interface Result {
  readonly credential: string;
  readonly client: string;
  readonly strategy: string;
  readonly expiresAt: string | null;
  readonly replaces?: { readonly credential: string; readonly endsAt: string };
}

/** What stands below the settings that were handed over. */
export function shownIssued({ credential, client, strategy, expiresAt, replaces }: Result): string {
  const until = expiresAt === null ? 'without an end of its own' : `good until ${expiresAt}`;
  const lines = [
    `${client} has a new credential by ${strategy}, ${credential}, ${until}.`,
    ...(replaces ? [`The one before, ${replaces.credential}, works until ${replaces.endsAt}.`] : []),
  ];
  return lines.join('\n');
}
