import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cpuMeter, serve } from '../children.ts';
import { startEarshotServer } from '../earshot-server.ts';
import type { IdleServer } from './child-api.ts';

// Like `node --expose-gc`: contexts created after the flag is set have a `gc` function.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// The main module of a child process.
const server = await startEarshotServer({});
serve<IdleServer>(
  {
    port: () => server.voice.port ?? 0,
    sessions: () => server.voice.sessions,
    usedBytes() {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    },
    takeCpuMs: cpuMeter(),
  },
  () => server.stop(),
);
