import { join } from 'node:path';
import { createBuilder } from 'vite';

/** Builds the whole app into `dist/`, as `npm run build` does. Says nothing on stdout; warnings go to stderr. */
export async function build(project: string): Promise<void> {
  const builder = await createBuilder({ configFile: join(project, 'vite.config.ts'), logLevel: 'warn' });
  await builder.buildApp();
}
