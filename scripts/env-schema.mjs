// Builds the JSON Schema of an app's environment: docs/schema/<app>.env.schema.json, which `npm run env-example`
// writes.
import { z } from 'zod';
import { aboutSetting, settingLines } from '../dist/libs/platform/src/index.js';

export const schemaFile = (app) => `docs/schema/${app}.env.schema.json`;

/**
 * Returns the JSON Schema (2020-12) of the environment of `app`: each variable with its description, default and form,
 * and each secret as NAME_FILE too. Rules between several variables are checked by the app at its start
 * (`--check-config`).
 */
export function environmentSchema(app, schema) {
  const { properties, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const described = settingLines(schema).flatMap((line) => {
    const about = aboutSetting(schema.shape[line.name]);
    const own = [line.name, variable(properties[line.name], line, about)];
    return line.secret && !about.forbidden ? [own, [`${line.name}_FILE`, fileOf(line)]] : [own];
  });
  const aboutOf = (name) => aboutSetting(schema.shape[name]);
  // A secret may be in a file instead, under another name.
  const needed = required.filter((name) => !aboutOf(name).secret);
  const always = needed.filter((name) => aboutOf(name).developmentDefault === undefined);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Environment of ${app}`,
    type: 'object',
    properties: Object.fromEntries(described),
    ...(always.length > 0 ? { required: always } : {}),
    ...(needed.length > always.length ? { if: inProduction, then: { required: needed } } : {}),
  };
}

/** The settings without a default that points at the sandbox. */
const inProduction = { required: ['NODE_ENV'], properties: { NODE_ENV: { const: 'production' } } };

function variable({ enum: values, pattern, format }, { about, example, fallback, secret }, { forbidden }) {
  if (forbidden) return { description: about, not: {} };
  return {
    description: about,
    type: 'string',
    ...(values ? { enum: values } : {}),
    ...(format ? { format } : {}),
    ...(pattern && !format ? { pattern } : {}),
    ...(fallback === undefined || fallback === 'none' || secret ? {} : { default: fallback }),
    ...(example && !secret ? { examples: [example] } : {}),
    ...(secret ? { writeOnly: true } : {}),
  };
}

const fileOf = ({ name }) => ({ description: `file that holds ${name}`, type: 'string' });
