/** Who the sandbox knows from the start; the passwords are generated and found by the name of their variable. */
export interface Identity {
  /** Names the identity's files. */
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A machine that the sandbox knows from the start, with what the kickstart file permits it. */
export interface ClientIdentity extends Identity {
  /** Id of the FusionAuth user that stands for it. */
  readonly userId: string;
  readonly roles: readonly string[];
}

function client(name: string, userId: string, roles: readonly string[]): ClientIdentity {
  return { ...identity(name, `${name}@clients.example.com`), userId, roles };
}

function identity(name: string, email: string): Identity {
  return { name, email, password: `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD` };
}

/** Three people in three time zones, who own todos. */
export const people = ['ada', 'bruno', 'chiyo'].map((name) => identity(name, `${name}@example.com`));

/** The client that reads everybody's todos to mail their owners. */
export const reminderClient = client('reminder', '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1b01', ['todo-auditor']);

/** Machines in the same kickstart file: what stands for the API, and for the Reminder App as its client. */
export const todoApiEntity = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
export const reminderEntity = '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44';

/** Two more clients with other roles: one reads and writes what is its own, one reads everything. */
export const otherClients = [
  client('calendar-syncer', '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1b02', ['todo-reader', 'todo-writer']),
  client('analytics', '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1b03', ['todo-reader', 'todo-auditor']),
];
