import { serve } from '../children.ts';
import { startEarshotServer } from '../earshot-server.ts';
import type { LongServer } from './child-api.ts';
import { heapAfterGc } from './heap.ts';

// The main module of a child process.
const server = await startEarshotServer({});

serve<LongServer>(
  {
    port: () => server.voice.port ?? 0,
    heap: heapAfterGc,
    async finish() {
      await server.finishRecordings();
      return (await server.takeRecordings()).recorded;
    },
  },
  () => server.stop(),
);
