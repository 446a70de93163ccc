import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Frame } from '@playwright/test';

/** A host name that resolves to this machine, as after DNS rebinding; tab.ts configures the browser for it. */
export const FOREIGN_NAME = 'elsewhere.example';

/** Another web server on this machine. It answers every path with an empty page. */
export interface ForeignServer {
  port: number;
  /** `GET /path` for each request that it received, upgrades included, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startForeignServer(): Promise<ForeignServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Elsewhere</title>');
  });
  server.on('upgrade', (request, socket) => {
    requests.push(`${request.method} ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The kinds of origin that a foreign page can have. */
export const FOREIGN_ORIGINS = [
  'on another port',
  'on localhost',
  'under a rebound name',
  'in a sandboxed frame',
] as const;

/** Opens a foreign page in a new tab. @returns the frame that has the foreign origin */
export async function openForeignPage(
  context: BrowserContext,
  { port }: ForeignServer,
  origin: (typeof FOREIGN_ORIGINS)[number],
): Promise<Frame> {
  const page = await context.newPage();
  const name = { 'on localhost': 'localhost', 'under a rebound name': FOREIGN_NAME }[origin as string] ?? '127.0.0.1';
  await page.goto(`http://${name}:${port}/`);
  if (origin !== 'in a sandboxed frame') return page.mainFrame();
  // Without allow-same-origin the frame's origin is opaque, so its requests carry `Origin: null`.
  await page.setContent('<iframe sandbox="allow-scripts" src="/framed"></iframe>');
  const element = await page.locator('iframe').elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('no frame');
  await frame.waitForLoadState();
  return frame;
}
