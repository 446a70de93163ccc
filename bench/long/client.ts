import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { serve } from '../children.ts';
import { openWindowClient } from '../reconnect/earshot-client.ts';
import { startFrameTimer } from '../reconnect/frame-timer.ts';
import type { Sender } from '../reconnect/peer-clients.ts';
import { TOKEN } from '../voice-client.ts';
import type { LongClient } from './child-api.ts';
import { heapAfterGc } from './heap.ts';

// The main module of a child process. Argument: path of the built module of Earshot's client.
const [, , clientModule = ''] = process.argv;

let sender: Sender | null = null;
let stop: () => number = () => 0;
let began = 0;

serve<LongClient>({
  async begin(port, speed) {
    const address = { url: `ws://127.0.0.1:${port}${VOICE_PATH}`, token: TOKEN, accepting: true };
    const opened = await openWindowClient(
      { getVoiceAddress: async () => address, onVoiceAddress: () => () => undefined },
      clientModule,
    );
    sender = opened;
    const frame = new Int16Array(FRAME_SAMPLES);
    began = performance.now();
    stop = startFrameTimer((number) => {
      // A new frame each time, as a microphone delivers them.
      for (let i = 0; i < speed; i++) opened.send(frame.slice().fill((number * speed + i) % 20_000));
    });
  },
  heap: heapAfterGc,
  async end() {
    const ms = performance.now() - began;
    const ticks = stop();
    const { lostMs } = (await sender?.end()) ?? { lostMs: null };
    return { ticks, ms, lostMs: lostMs ?? Number.NaN };
  },
});
