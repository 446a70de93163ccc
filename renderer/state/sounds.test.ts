import { expect, test, vi } from 'vitest';
import { fakeClient } from '../testing/fakes.ts';
import { playSounds, type SoundName, samplesOf } from './sounds.ts';
import { createVoiceStore } from './voice-store.ts';

const NAMES: readonly SoundName[] = ['start', 'stop', 'loss'];

function setup(enabled = true) {
  const { client, show } = fakeClient();
  const play = vi.fn((_pcm: Int16Array) => undefined);
  playSounds({ voice: createVoiceStore(client), isEnabled: () => enabled, play });
  const nameOf = (pcm: Int16Array) => NAMES.find((name) => String(samplesOf(name)) === String(pcm));
  return { show, played: () => play.mock.calls.map(([pcm]) => nameOf(pcm)) };
}

test('start sounds when the first sound has arrived, and stop when the microphone is closed', () => {
  const { show, played } = setup();
  show({ view: 'connecting' });
  expect(played()).toEqual([]);
  show({ view: 'listening', micLive: true });
  expect(played()).toEqual(['start']);
  show({ view: 'paused', pausedAt: 1 });
  show({ view: 'listening', pausedAt: null });
  show({ view: 'stopping' });
  expect(played()).toEqual(['start']);
  show({ micLive: false });
  expect(played()).toEqual(['start', 'stop']);
  show({ view: 'idle' });
  show({ view: 'listening', micLive: true });
  expect(played()).toEqual(['start', 'stop', 'start']);
});

test('a lost connection sounds once, and its return is silent', () => {
  const { show, played } = setup();
  show({ view: 'listening', micLive: true });
  show({ view: 'reconnecting' });
  show({ failures: 2 });
  show({ view: 'listening' });
  expect(played()).toEqual(['start', 'loss']);
});

test('a turn that fails sounds like a loss, a cancelled one not at all', () => {
  const { show, played } = setup();
  show({ view: 'connecting' });
  show({ view: 'idle' });
  expect(played()).toEqual([]);
  show({ view: 'connecting' });
  show({ view: 'error', problem: 'mic_denied' });
  expect(played()).toEqual(['loss']);
});

test('the next turn begins before the last microphone is closed: no stop within it', () => {
  const { show, played } = setup();
  show({ view: 'listening', micLive: true });
  show({ view: 'stopping' });
  show({ view: 'connecting', micLive: false });
  expect(played()).toEqual(['start']);
});

test('without the setting nothing is played', () => {
  const { show, played } = setup(false);
  show({ view: 'listening', micLive: true });
  expect(played()).toEqual([]);
});

test('each sound is short, quiet, and starts and ends in silence', () => {
  for (const name of NAMES) {
    const pcm = samplesOf(name);
    expect(pcm.length / 16_000).toBeLessThan(0.2);
    expect(Math.max(...pcm) / 32_768).toBeLessThanOrEqual(0.05);
    expect(Math.max(...pcm)).toBeGreaterThan(0);
    expect([pcm[0], pcm.at(-1)]).toEqual([0, 0].map((zero) => expect.closeTo(zero)));
  }
});
