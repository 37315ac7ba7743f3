import type { ApplicationRecord } from '../state/state.js';
import type { User } from '../wire.js';

/** The fields that `registrationConfiguration` of an application may require besides log-in id and password. */
const optionalFields = [
  { name: 'firstName', label: 'First name', type: 'text', autocomplete: 'given-name' },
  { name: 'middleName', label: 'Middle name', type: 'text', autocomplete: 'additional-name' },
  { name: 'lastName', label: 'Last name', type: 'text', autocomplete: 'family-name' },
  { name: 'fullName', label: 'Full name', type: 'text', autocomplete: 'name' },
  { name: 'birthDate', label: 'Date of birth', type: 'date', autocomplete: 'bday' },
  { name: 'mobilePhone', label: 'Mobile phone', type: 'tel', autocomplete: 'tel' },
] as const;

export interface RegistrationField {
  /** The field's name in the form, `user.email` for example. */
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly autocomplete: string;
  readonly required: boolean;
}

/**
 * Returns the fields that the form asks for: the application's kind of log-in id, the fields that it enables, and a
 * password.
 */
export function registrationFields({
  registrationConfiguration = {},
}: ApplicationRecord): RegistrationField[] {
  const { confirmPassword } = registrationConfiguration;
  return [
    loginIdField(registrationConfiguration.loginIdType),
    ...optionalFields.flatMap((field) => {
      const { enabled = false, required = false } = registrationConfiguration[field.name] ?? {};
      return enabled ? [{ ...field, name: `user.${field.name}`, required }] : [];
    }),
    password('user.password', 'Password'),
    ...(confirmPassword ? [password('passwordConfirm', 'Password again')] : []),
  ];
}

const loginIdField = (kind = 'email'): RegistrationField =>
  kind === 'username'
    ? { name: 'user.username', label: 'User name', type: 'text', autocomplete: 'username', required: true }
    : { name: 'user.email', label: 'E-mail', type: 'email', autocomplete: 'email', required: true };

const password = (name: string, label: string): RegistrationField => ({
  name,
  label,
  type: 'password',
  autocomplete: 'new-password',
  required: true,
});

/** Splits the form into the person's input and the parameters of the authorization request. */
export function splitRegistration(form: URLSearchParams) {
  const isEntered = (name: string) => name.startsWith('user.') || name === 'passwordConfirm';
  const part = (entered: boolean) =>
    new URLSearchParams([...form].filter(([name]) => isEntered(name) === entered));
  return { entered: part(true), parameters: part(false) };
}

/** Returns the first missing or contradictory value of the input as a message; undefined when there is none. */
export function checkFields(application: ApplicationRecord, entered: URLSearchParams): string | undefined {
  const fields = registrationFields(application);
  const empty = fields.find(({ name, required }) => required && !entered.get(name)?.trim());
  if (empty) return `${empty.label} is required.`;
  const email = fields.find(({ type }) => type === 'email');
  if (email && !/^[^\s@]+@[^\s@]+$/.test(entered.get(email.name) ?? ''))
    return 'The e-mail address is not valid.';
  const { confirmPassword } = application.registrationConfiguration ?? {};
  const differs = entered.get('passwordConfirm') !== entered.get('user.password');
  return confirmPassword && differs ? 'The two passwords differ.' : undefined;
}

/** Returns the entered user; fields that the application does not ask for are ignored. */
export function fieldsOf(application: ApplicationRecord, entered: URLSearchParams): User {
  const asked = registrationFields(application).filter(({ name }) => name.startsWith('user.'));
  return Object.fromEntries(
    asked.flatMap(({ name }) => {
      const value = entered.get(name);
      return value ? [[name.slice('user.'.length), value]] : [];
    }),
  );
}

export const loginIdOf = (application: ApplicationRecord, entered: URLSearchParams): string =>
  entered.get(registrationFields(application)[0]?.name ?? '') ?? '';
