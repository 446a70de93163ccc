import { serve } from '../children.ts';
import { CONTENDERS, type RestartClient } from './child-api.ts';
import { openEarshot } from './earshot-client.ts';
import { startFrameTimer } from './frame-timer.ts';
import { OPEN_PEER, type Sender } from './peer-clients.ts';
import { taggedFrame } from './tagged-frames.ts';

// The main module of a child process. Arguments: contender, path of the built module of Earshot's client.
const [, , contender, clientModule = ''] = process.argv;
const name = CONTENDERS.find((known) => known === contender);
if (!name) throw new Error(`no contender named ${contender}`);

let sender: Sender | null = null;
let stop: () => number = () => 0;

serve<RestartClient>({
  async begin(ports) {
    const opened = name === 'earshot' ? await openEarshot(ports, clientModule) : await OPEN_PEER[name](ports);
    sender = opened;
    stop = startFrameTimer((number) => opened.send(taggedFrame(number)));
  },
  async end() {
    const frames = stop();
    return { frames, lostMs: (await sender?.end())?.lostMs ?? null };
  },
});
