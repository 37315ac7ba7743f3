import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processEnvironment } from '#gatehouse/platform';
import { freePort } from '../../support/free-port.js';

/** The versions that deploy/gateways/amazon-api-gateway/README.md names. */
const versions = { 'serverless-offline': '14.8.2', osls: '4.3.1' };

export interface Gateway {
  readonly url: string;
  output(): string;
  close(): Promise<void>;
}

/** The API behind the authorizer: returns what it received about its caller. */
const api = `exports.handler = async ({ requestContext: { authorizer } }) =>
  ({ statusCode: 200, body: JSON.stringify(authorizer) });`;

/** Installs serverless-offline into `directory`, with the bundled authorizer and an API behind it. */
export function installInto(directory: string): void {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
  cpSync(join(import.meta.dirname, 'serverless.yml'), join(directory, 'serverless.yml'));
  writeFileSync(join(directory, 'api.cjs'), api);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', install, { cwd: directory, stdio: 'pipe' });
  const bundle = ['scripts/bundle-lambda.mjs', join(directory, 'authorizer.cjs')];
  execFileSync(process.execPath, bundle, { stdio: 'pipe' });
}

/** Starts serverless-offline on free ports of this machine with a function in this environment. */
export async function startGateway(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Gateway> {
  writeFileSync(join(directory, 'environment.json'), JSON.stringify(environment));
  const [port, lambdaPort, albPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = ['--httpPort', port, '--lambdaPort', lambdaPort, '--albPort', albPort].map(String);
  const options = ['offline', '--host', '127.0.0.1', '--noPrependStageInUrl', ...ports];
  const program = spawn(process.execPath, ['node_modules/.bin/osls', ...options], {
    cwd: directory,
    env: { PATH: processEnvironment()['PATH'], HOME: directory },
  });
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (part: Buffer) => (output += part.toString()));
  const ended = once(program, 'exit');
  const gateway: Gateway = {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    async close() {
      program.kill('SIGKILL');
      await ended;
    },
  };
  for (let attempt = 0; attempt < 600 && program.exitCode === null; attempt += 1) {
    if (output.includes('Server ready')) return gateway;
    await delay(100);
  }
  await gateway.close();
  throw new Error(`serverless-offline did not start:\n${output}`);
}
