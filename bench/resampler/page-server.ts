import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { writeWav } from '../../testing/audio/wav.ts';
import { INPUT_RATES } from './page-api.ts';
import { allTones } from './test-tones.ts';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
const PAGE = join(import.meta.dirname, 'page');

export interface BenchServer {
  /** The page that implements `PageApi`, and the page for Firefox. */
  url: string;
  firefoxUrl: string;
  /** Resolves with the next result that a page posts. */
  nextResult(): Promise<string>;
  stop(): Promise<void>;
}

/** Path of the recording of all tones at this rate (Hz). */
export function wavPath(rate: number): string {
  return `/${rate}.wav`;
}

/**
 * Builds the pages of the bench and serves them on 127.0.0.1, together with recordings of all tones.
 * @param seconds length of the recordings
 */
export async function startBenchServer(seconds: number): Promise<BenchServer> {
  await mkdir(CACHE, { recursive: true });
  const dir = await mkdtemp(join(CACHE, 'earshot-bench-'));
  await build({
    configFile: false,
    logLevel: 'warn',
    root: PAGE,
    publicDir: false,
    base: './',
    worker: { format: 'es' },
    build: {
      outDir: dir,
      emptyOutDir: true,
      target: 'chrome114',
      assetsInlineLimit: 0,
      rolldownOptions: { input: [join(PAGE, 'index.html'), join(PAGE, 'firefox.html')] },
    },
  });
  const recordings = new Map(
    INPUT_RATES.map((rate) => [wavPath(rate), writeWav({ rate, samples: allTones(rate, seconds) })]),
  );
  let onResult: (body: string) => void = () => undefined;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      onResult(body);
      response.writeHead(204).end();
      return;
    }
    try {
      const body = recordings.get(pathname) ?? (await readFile(join(dir, pathname)));
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/index.html`,
    firefoxUrl: `http://127.0.0.1:${port}/firefox.html`,
    nextResult: () => new Promise((resolve) => (onResult = resolve)),
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
