/** A user or client of the sandbox's kickstart file; its generated password is found by the name of its variable. */
export interface Identity {
  /** The name of the identity's files. */
  readonly name: string;
  readonly email: string;
  /** Name of the generated secret in the sandbox. */
  readonly password: string;
}

export function identity(name: string, domain: string): Identity {
  return {
    name,
    email: `${name}@${domain}`,
    password: `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`,
  };
}

/** Three people in three time zones, who own todos. */
export const people = ['ada', 'bruno', 'chiyo'].map((name) => identity(name, 'example.com'));

/** Two clients: one reads and writes its own todos, the other reads everybody's. */
export const otherClients = ['calendar-syncer', 'analytics'].map((name) =>
  identity(name, 'clients.example.com'),
);

/** The entity that represents the Todo API in the kickstart file. */
export const todoApiEntity = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
