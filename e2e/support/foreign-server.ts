import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Frame } from '@playwright/test';

/** A name that leads to this machine and is not ours, as one that was rebound by its DNS server; tab.ts tells the browser. */
export const FOREIGN_NAME = 'elsewhere.example';

/** A web server of somebody else on this machine. Every path is an empty page. */
export interface ForeignServer {
  port: number;
  /** `GET /path` of each request that reached it, in order; an upgrade is one too. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
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

/** Where a page of somebody else can stand. */
export const FOREIGN_ORIGINS = [
  'on another port',
  'on localhost',
  'under a rebound name',
  'in a sandboxed frame',
] as const;

/** Opens a foreign page in a tab of its own. @returns the frame whose origin is the foreign one */
export async function openForeignPage(
  context: BrowserContext,
  { port }: ForeignServer,
  origin: (typeof FOREIGN_ORIGINS)[number],
): Promise<Frame> {
  const page = await context.newPage();
  const name = { 'on localhost': 'localhost', 'under a rebound name': FOREIGN_NAME }[origin as string] ?? '127.0.0.1';
  await page.goto(`http://${name}:${port}/`);
  if (origin !== 'in a sandboxed frame') return page.mainFrame();
  // Without allow-same-origin its origin is opaque, and what it sends is `Origin: null`.
  await page.setContent('<iframe sandbox="allow-scripts" src="/framed"></iframe>');
  const element = await page.locator('iframe').elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('no frame');
  await frame.waitForLoadState();
  return frame;
}
