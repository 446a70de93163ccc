import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseWebArgs } from '../main/web/args.ts';
import { startTab } from '../main/web/tab.ts';

// Runs the host of a browser tab as main/web.ts does. In addition, the line `restart on same port` or `restart on other
// port` on stdin restarts the voice server and prints its new address.
const args = parseWebArgs(process.argv.slice(2), process.cwd());
if (args.dataDir === null) throw new Error('--data-dir is needed');
const tab = await startTab({
  port: args.port,
  dataDir: args.dataDir,
  version: '0.0.0',
  rendererDir: join(import.meta.dirname, '../dist/renderer'),
});
console.log(
  JSON.stringify({
    url: tab.url,
    voice_url: tab.voiceUrl,
    origin: tab.origin,
    token: tab.token,
    data_dir: tab.dataDir,
  }),
);
createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line !== 'restart on same port' && line !== 'restart on other port') return;
  await tab.host.restartVoice(line === 'restart on same port' ? 'same port' : 'other port');
  console.log(tab.voiceUrl);
});
process.once('SIGINT', async () => {
  await tab.stop();
  process.exit(0);
});
