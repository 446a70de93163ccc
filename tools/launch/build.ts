import { join } from 'node:path';
import { createBuilder } from 'vite';

/** Builds the app into `dist/`, as `npm run build` does. Prints warnings to stderr, and nothing to stdout. */
export async function build(project: string): Promise<void> {
  const builder = await createBuilder({ configFile: join(project, 'vite.config.ts'), logLevel: 'warn' });
  await builder.buildApp();
}
