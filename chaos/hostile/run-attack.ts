import { setTimeout as delay } from 'node:timers/promises';
import { FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { binary, text } from '../../testing/websocket-frames.ts';
import type { Attack, Ending, Step } from './attack.ts';
import { AttackPeer } from './attack-peer.ts';
import { type AttackContext, readyText, requestBytes, type SessionCredentials } from './request-bytes.ts';

/** Time limit (ms) of an attack: longer than every timeout of the server, with a margin for a busy machine. */
const DEADLINE_MS = 20_000;
/** Pause between the bytes of `trickle`, in ms. */
const TRICKLE_MS = 25;
const SILENCE = new Int16Array(FRAME_SAMPLES);

export interface AttackOutcome {
  ending: Ending;
  hasRetryAfter: boolean;
  /** Number of requests, frames and fragments sent. */
  inputs: number;
}

/** Runs the script of one peer and waits until its last connection has ended. */
export async function runAttack(
  { script, ignoresClose }: Pick<Attack, 'script' | 'ignoresClose'>,
  context: Omit<AttackContext, 'granted'>,
): Promise<AttackOutcome> {
  const granted: SessionCredentials[] = [];
  let inputs = 0;
  let peer: AttackPeer | null = null;
  let timedOut = false;
  const deadline = setTimeout(() => {
    timedOut = true;
    peer?.destroy();
  }, DEADLINE_MS);
  for (const step of script) {
    if (timedOut) break;
    if (step.do === 'connect') {
      await peer?.closed;
      inputs += peer?.sent ?? 0;
      peer = new AttackPeer(context.port, ignoresClose, (grant) => granted.push(grant));
    } else if (peer !== null && !(await runStep(step, peer, { ...context, granted }))) break;
  }
  await peer?.closed;
  clearTimeout(deadline);
  inputs += peer?.sent ?? 0;
  return {
    ending: timedOut ? 'silence' : (peer?.ending ?? 'left'),
    hasRetryAfter: peer?.hasRetryAfter ?? false,
    inputs,
  };
}

/** @returns false if the connection ended before the awaited event */
async function runStep(
  step: Exclude<Step, { do: 'connect' }>,
  peer: AttackPeer,
  context: AttackContext,
): Promise<boolean> {
  switch (step.do) {
    case 'request': {
      const bytes = requestBytes(step.request, context);
      peer.request = bytes.toString('latin1');
      await peer.send(bytes);
      return true;
    }
    case 'send':
      await peer.send(step.bytes, step.times);
      return true;
    case 'trickle':
      for (const byte of step.bytes) {
        if (peer.over) return true;
        await peer.send(Buffer.from([byte]));
        await pause(TRICKLE_MS, peer);
      }
      return true;
    case 'send audio':
      await peer.sendAll(() => audioFrames(step.from, step.count));
      return true;
    case 'wait for':
      return peer.waitFor(step.event);
    case 'ready': {
      const last = context.granted.at(-1);
      if (last === undefined) return false;
      await peer.send(text(readyText(last, context.port)));
      return true;
    }
    case 'pause reading':
      peer.pauseReading();
      return true;
    case 'resume reading':
      peer.resumeReading();
      return true;
    case 'wait':
      await pause(step.ms, peer);
      return true;
    case 'leave':
      peer.leave(step.how);
      return true;
  }
}

async function pause(ms: number, peer: AttackPeer): Promise<void> {
  const over = new AbortController();
  await Promise.race([delay(ms, undefined, { signal: over.signal }).catch(() => undefined), peer.closed]);
  over.abort();
}

function* audioFrames(from: number, count: number): Generator<Uint8Array> {
  for (let seq = from; seq < from + count; seq++) {
    yield binary(encodeAudioFrame(seq, seq * FRAME_MS, SILENCE));
  }
}
