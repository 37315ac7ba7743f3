// Generates the Prisma clients of every schema under prisma/.
// The Prisma CLI looks for its schema engine before every command, although `generate` never runs it. Where
// the engine cannot be downloaded any existing executable satisfies the look-up, so Node stands in for it.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.PRISMA_HIDE_UPDATE_MESSAGE ??= '1';
process.env.CHECKPOINT_DISABLE ??= '1';

for (const name of readdirSync('prisma')) {
  const schema = `prisma/${name}/schema.prisma`;
  if (!existsSync(schema)) continue;
  const prisma = ['node_modules/prisma/build/index.js', 'generate', '--no-hints', '--schema', schema];
  try {
    execFileSync(process.execPath, prisma, { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    console.error(error.stdout, error.stderr);
    process.exit(1);
  }
}
