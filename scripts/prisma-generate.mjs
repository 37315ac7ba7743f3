// Generates the Prisma client of every schema under prisma/.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const databases = readdirSync('prisma').filter((name) => existsSync(`prisma/${name}/schema.prisma`));
for (const DATABASE of databases) {
  const env = { ...process.env, DATABASE, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
  try {
    const prisma = ['node_modules/prisma/build/index.js', 'generate', '--no-hints'];
    execFileSync(process.execPath, prisma, { env, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    console.error(error.stdout, error.stderr);
    process.exit(1);
  }
}
