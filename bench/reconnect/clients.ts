import { serve } from '../children.ts';
import { CONTENDERS, type RestartClient } from './contract.ts';
import { openEarshot } from './earshot-client.ts';
import { startPace } from './pace.ts';
import { OPEN_PEER, type Speaker } from './peer-clients.ts';
import { taggedFrame } from './tagged-frames.ts';

// This module is the main one of a child process; its arguments are the contender and the built module of Earshot's client.
const [, , contender, clientModule = ''] = process.argv;
const name = CONTENDERS.find((known) => known === contender);
if (!name) throw new Error(`no contender called ${contender}`);

let speaker: Speaker | null = null;
let stop: () => number = () => 0;

serve<RestartClient>({
  async begin(ports) {
    const opened = name === 'earshot' ? await openEarshot(ports, clientModule) : await OPEN_PEER[name](ports);
    speaker = opened;
    stop = startPace((number) => opened.say(taggedFrame(number)));
  },
  async end() {
    const frames = stop();
    return { frames, lostMs: (await speaker?.end())?.lostMs ?? null };
  },
});
