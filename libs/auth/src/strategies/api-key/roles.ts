/** Where the roles of API keys are recorded, because FusionAuth does not say whose key it was. */
export interface ApiKeyRoles {
  /** The roles recorded for an API key, by the subject of its principal; undefined when nothing is recorded. */
  rolesOfApiKey(subject: string): Promise<readonly string[] | undefined>;
}

export const noApiKeyRoles: ApiKeyRoles = { rolesOfApiKey: () => Promise.resolve(undefined) };
