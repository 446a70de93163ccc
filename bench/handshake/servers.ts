import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import WebSocket, { WebSocketServer } from 'ws';
import { cpuMeter, serve } from '../children.ts';
import { startEarshotServer } from '../earshot-server.ts';
import { SAMPLE_WELCOME } from '../voice-client.ts';
import { CONTENDERS, type Contender, type HandshakeServer } from './child-api.ts';

/** Earshot's limits in the concurrent pass, for which the app's own limits are too low. */
const EARSHOT_LIMITS = { pending: 32, connections: 64 };

/** The usual workaround for a lost welcome: a delay (ms) after accept, and pauses (ms) after the first two attempts. */
const RETRY_DELAY_MS = 10;
const RETRY_PAUSES_MS = [50, 100];

const WELCOME = JSON.stringify(SAMPLE_WELCOME);

const START: Record<Contender, (concurrent: boolean) => Promise<void>> = {
  /** The minimum for a WebSocket server on Node: sends a constant message of the same size in the connection's tick. */
  async floor() {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => socket.send(WELCOME));
    await new Promise((resolve) => server.once('listening', resolve));
    serveOn(server.address());
  },

  async earshot(concurrent) {
    const server = await startEarshotServer(concurrent ? EARSHOT_LIMITS : {});
    const { voice } = server;
    serve<HandshakeServer>(
      {
        port: () => voice.port ?? 0,
        takeCpuMs: cpuMeter(),
        async sessionsLeft() {
          // A client's socket closes slightly before the server's.
          for (let waited = 0; voice.sessions > 0 && waited < 2_000; waited += 50) await sleep(50);
          return voice.sessions;
        },
      },
      () => server.stop(),
    );
  },

  async 'delayed retry'() {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', async (socket) => {
      await sleep(RETRY_DELAY_MS);
      for (const pause of [...RETRY_PAUSES_MS, 0]) {
        if (socket.readyState !== WebSocket.OPEN) return;
        const error = await new Promise<Error | null | undefined>((resolve) => socket.send(WELCOME, resolve));
        if (!error) return;
        await sleep(pause);
      }
      socket.terminate();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    serveOn(server.address());
  },

  async 'socket.io'() {
    const http = createServer();
    const server = new Server(http, { transports: ['websocket'], serveClient: false });
    server.on('connection', (socket) => socket.emit('connected', SAMPLE_WELCOME));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    serveOn(http.address());
  },
};

function serveOn(address: ReturnType<WebSocketServer['address']>): void {
  if (typeof address !== 'object' || address === null) throw new Error('not listening on a port');
  serve<HandshakeServer>({ port: () => address.port, takeCpuMs: cpuMeter(), sessionsLeft: async () => 0 });
}

// The main module of a child process. Arguments: contender, pass.
const [name, concurrent] = process.argv.slice(2);
const contender = CONTENDERS.find((known) => known === name);
if (!contender) throw new Error(`no contender named ${name}`);
await START[contender](concurrent === 'concurrent');
