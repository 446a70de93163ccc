import { describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { readyRig, settle, setupFakeClient } from '../testing/client-rig.ts';
import type { Level } from './voice-client.ts';

setupFakeClient();

describe('the microphone', () => {
  test.each(['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'] as const)(
    'H44 %s is reported, the socket closed, and the next press retries',
    async (code) => {
      const r = await readyRig();
      r.client.press();
      r.socket.open().welcome('s1');
      r.mic.fail(new EarshotError(code, 'No.'));
      await settle();
      expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: code });
      expect(r.socket.closes).toEqual([1000]);
      r.socket.end(1000);
      expect(vi.getTimerCount()).toBe(0);
      await r.startListening('s2');
      expect(r.client.snapshot().problem).toBeNull();
    },
  );

  test.each([
    new Error('odd'),
    new EarshotError('mic_unheard_of', 'x'),
    new EarshotError('server_full', 'x'),
    'text',
    undefined,
  ])('an unknown failure (%s) is mic_failed', async (error) => {
    const r = await readyRig();
    r.client.press();
    r.mic.fail(error);
    await settle();
    expect(r.client.snapshot().problem).toBe('mic_failed');
  });

  test('H44 unplugged: the last audio is sent before stop', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    r.mic.tail = [2];
    r.mic.unplug();
    expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: 'mic_unplugged' });
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.socket.sent.slice(2)).toEqual([{ seq: 0, pcm: [1] }, { seq: 1, pcm: [2] }, 'stop']);
  });

  test('H15 stopped during the prompt: stopped immediately, without a problem when the user answers', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open().welcome('s1');
    expect(r.client.snapshot().askingForMic).toBe(false);
    vi.advanceTimersByTime(700);
    expect(r.client.snapshot().askingForMic).toBe(true);
    r.client.press();
    expect([r.mic.stops, r.client.snapshot().askingForMic]).toEqual([1, false]);
    r.socket.end(1000);
    expect(r.view).toBe('idle');
    r.mic.allow();
    await settle();
    expect([r.view, r.mic.state, r.client.snapshot().problem]).toEqual(['idle', 'off', null]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H15 a microphone that was stopped before it opened is not reported as a problem', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.mic.allow();
    await settle();
    const problems = r.log.filter(({ event }) => event === 'WARNING' || event === 'ERROR' || event === 'MIC_FAILED');
    expect(problems).toEqual([]);
  });

  test('pressed off and on during the prompt: one prompt at a time, then its own microphone', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.client.press();
    r.sockets[0]?.end(1000);
    expect(r.mics).toHaveLength(1);
    r.mic.allow();
    await settle();
    expect(r.mics).toHaveLength(2);
    r.mic.allow();
    r.socket.open().welcome('s2');
    await settle();
    r.socket.answer('listening');
    expect(r.view).toBe('listening');
  });

  test('levels of each frame are sent to all listeners until they unsubscribe', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    const received: Level[] = [];
    const one = r.client.onLevel((level) => received.push(level));
    const other = vi.fn();
    r.client.onLevel(other);
    r.mic.frame(16_384, -16_384);
    r.mic.frame(0, 0);
    one();
    r.mic.frame(1);
    expect(received).toEqual([
      { peak: -6.02, rms: -6.02 },
      { peak: null, rms: null },
    ]);
    expect(other).toHaveBeenCalledTimes(3);
  });

  test('levels are sent before there is a session, so that the user sees the microphone works', async () => {
    const r = await readyRig();
    const level = vi.fn();
    r.client.onLevel(level);
    r.client.press();
    r.mic.allow().frame(5);
    expect(level).toHaveBeenCalledTimes(1);
  });
});
