import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './launch/build.ts';
import { buildIsStale } from './test-runner/build-freshness.ts';

// `npm run web`: builds what has changed, as `npm start` does, and runs the tab's host. Warnings go to stderr, because
// stdout is for --json.

const root = join(import.meta.dirname, '..');

if (buildIsStale(root)) await build(root);
const { runWeb }: typeof import('../main/web.ts') = await import(pathToFileURL(join(root, 'dist/main/web.js')).href);
await runWeb(process.argv.slice(2));
