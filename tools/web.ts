import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createBuilder } from 'vite';

// `npm run web`: builds the window and the tab's host, about a second, and runs them. Always: a check of what is out
// of date would cost more thought than it saves time. Warnings go to stderr, so that --json has stdout to itself.

const root = join(import.meta.dirname, '..');

async function build(): Promise<void> {
  const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  for (const name of ['client', 'web']) {
    const environment = builder.environments[name];
    if (environment) await builder.build(environment);
  }
}

await build();
const { runWeb }: typeof import('../main/web.ts') = await import(pathToFileURL(join(root, 'dist/main/web.js')).href);
await runWeb(process.argv.slice(2));
