import { describe, expect, test } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { createPlayerStore, type PlayableAudio, type PlayerDependencies } from './player-store.ts';

/** An audio element that plays at once and fires events like a browser. */
class FakeAudio implements PlayableAudio {
  currentTime = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  loop = false;
  /** The loaded URL; null after it is removed and `load` is called. */
  loadedUrl: string | null;
  #src: string | null;
  readonly #listeners = new Map<string, () => void>();
  readonly #fails: boolean;

  constructor(url: string, fails: boolean) {
    this.#src = url;
    this.loadedUrl = url;
    this.#fails = fails;
  }

  async play(): Promise<void> {
    if (this.#fails) throw new DOMException('no', 'NotSupportedError');
    this.emit('play');
  }

  pause(): void {
    this.emit('pause');
  }

  removeAttribute(): void {
    this.#src = null;
  }

  load(): void {
    this.loadedUrl = this.#src;
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }

  emit(type: 'ended' | 'pause' | 'play' | 'error'): void {
    this.#listeners.get(type)?.();
  }
}

function setUp(needs: Partial<PlayerDependencies> & { playFails?: boolean } = {}) {
  const audios: FakeAudio[] = [];
  const player = createPlayerStore({
    urlOf: async (id) => `recordings/signed/${id}.wav`,
    createAudio: async (url) => {
      const audio = new FakeAudio(url, needs.playFails ?? false);
      audios.push(audio);
      return audio;
    },
    ...needs,
  });
  return { player, audios, loadedUrls: () => audios.flatMap(({ loadedUrl }) => loadedUrl ?? []) };
}

const GONE = new EarshotError('no_such_recording', 'This recording no longer exists.');

describe('player', () => {
  test('plays, pauses, resumes and restarts after the end, requesting the URL once', async () => {
    const { player, audios } = setUp();
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      await player.toggle('a');
      statuses.push(player.getState().status);
    }
    audios[0]?.emit('ended');
    statuses.push(player.getState().status);
    await player.toggle('a');
    statuses.push(player.getState().status);
    expect(statuses).toEqual(['playing', 'paused', 'playing', 'stopped', 'playing']);
    expect(audios).toHaveLength(1);
  });

  test('H62 a recording plays from its URL, and its element is freed by another recording or by dispose', async () => {
    const { player, loadedUrls } = setUp();
    await player.toggle('a');
    expect(loadedUrls()).toEqual(['recordings/signed/a.wav']);
    await player.toggle('b');
    expect(player.getState()).toMatchObject({ id: 'b', status: 'playing' });
    expect(loadedUrls()).toEqual(['recordings/signed/b.wav']);
    player.dispose();
    expect(loadedUrls()).toEqual([]);
    expect(player.getState()).toMatchObject({ id: null, status: 'stopped' });
  });

  test('a URL that arrives after another recording was selected is not played', async () => {
    const waiting = new Map<string, (url: string) => void>();
    const { player, audios } = setUp({ urlOf: (id) => new Promise((resolve) => waiting.set(id, resolve)) });
    const first = player.toggle('a');
    const second = player.toggle('b');
    waiting.get('b')?.('b.wav');
    await second;
    waiting.get('a')?.('a.wav');
    await first;
    expect(audios).toHaveLength(1);
    expect(player.getState()).toMatchObject({ id: 'b', status: 'playing' });
  });

  test('pressing again while loading requests the URL once', async () => {
    let requests = 0;
    const { player } = setUp({ urlOf: async () => String(++requests) });
    await Promise.all([player.toggle('a'), player.toggle('a')]);
    expect(requests).toBe(1);
    expect(player.getState().status).toBe('playing');
  });

  test('a recording that cannot be loaded or played sets a sentence, and the next try starts over', async () => {
    let fails = true;
    const { player } = setUp({
      urlOf: async () => {
        if (fails) throw new Error('the host is away');
        return 'a.wav';
      },
    });
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ status: 'stopped', failure: { id: 'a' } });
    fails = false;
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ status: 'playing', failure: null });

    const unplayable = setUp({ playFails: true });
    await unplayable.player.toggle('a');
    expect(unplayable.player.getState().failure?.sentence).toMatch(/could not be played/);
    expect(unplayable.loadedUrls()).toEqual([]);
  });

  test('an error during playback sets a sentence, and the next try requests the URL again', async () => {
    let requests = 0;
    const { player, audios, loadedUrls } = setUp({ urlOf: async () => `launch-${++requests}.wav` });
    await player.toggle('a');
    audios[0]?.emit('error');
    expect(player.getState()).toMatchObject({ id: null, status: 'stopped', failure: { id: 'a' } });
    expect(loadedUrls()).toEqual([]);
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ id: 'a', status: 'playing', failure: null });
    expect(loadedUrls()).toEqual(['launch-2.wav']);
    // Events of the previous element are ignored.
    audios[0]?.emit('error');
    audios[0]?.emit('ended');
    expect(player.getState()).toMatchObject({ id: 'a', status: 'playing', failure: null });
  });

  test('H61 while the microphone is on, playback is paused and blocked; afterwards it resumes', async () => {
    const { player, audios } = setUp();
    await player.toggle('a');
    player.silence(true);
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused' });
    await player.toggle('a');
    await player.toggle('b');
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused', failure: null });
    player.silence(false);
    await player.toggle('a');
    expect([player.getState().status, audios.length]).toEqual(['playing', 1]);
  });

  test('H61 a recording that loads after the microphone was switched on does not play until it is pressed again', async () => {
    let resolveUrl = (_: string) => {};
    const { player, audios } = setUp({ urlOf: () => new Promise((resolve) => (resolveUrl = resolve)) });
    const toggling = player.toggle('a');
    player.silence(true);
    resolveUrl('a.wav');
    await toggling;
    expect([player.getState().status, audios.length]).toEqual(['paused', 1]);
    player.silence(false);
    await player.toggle('a');
    expect(player.getState().status).toBe('playing');
  });

  test('H61 being paused while starting to play is not a failure', async () => {
    let refuse = () => {};
    const { player, audios } = setUp();
    await player.toggle('a');
    const [audio] = audios;
    if (!audio) throw new Error('nothing was loaded');
    audio.play = () => new Promise((_, reject) => (refuse = () => reject(new DOMException('paused', 'AbortError'))));
    audio.pause();
    const toggling = player.toggle('a');
    player.silence(true);
    refuse();
    await toggling;
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused', failure: null });
  });

  test('H61 a recording that cannot be loaded while the microphone is on is a failure', async () => {
    let fail = (_: Error) => {};
    const { player } = setUp({ urlOf: () => new Promise((_, reject) => (fail = reject)) });
    const toggling = player.toggle('a');
    player.silence(true);
    fail(GONE);
    await toggling;
    expect(player.getState()).toEqual({
      id: null,
      status: 'stopped',
      speed: 1,
      loop: false,
      failure: { id: 'a', sentence: GONE.message },
    });
  });

  test('for a recording that no longer exists, the host’s message is shown', async () => {
    const { player } = setUp({ urlOf: () => Promise.reject(GONE) });
    await player.toggle('a');
    expect(player.getState().failure).toEqual({ id: 'a', sentence: GONE.message });
  });

  test('seeking in a recording that is not in the player loads it, paused at that position', async () => {
    const { player, audios } = setUp();
    await player.seek('a', 42);
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused' });
    expect([audios[0]?.currentTime, player.position('a'), player.position('b')]).toEqual([42, 42, 0]);
    await player.toggle('a');
    expect([player.getState().status, audios.length]).toEqual(['playing', 1]);
    await player.seek('a', 7);
    expect([player.getState().status, player.position('a')]).toEqual(['playing', 7]);
  });

  test('seeking in a recording that does not exist sets a sentence', async () => {
    const { player } = setUp({ urlOf: () => Promise.reject(GONE) });
    await player.seek('a', 1);
    expect(player.getState().failure?.sentence).toBe('This recording no longer exists.');
  });

  test('speed and repetition apply to the recording that plays and to the next ones', async () => {
    const { player, audios } = setUp();
    player.setSpeed(1.5);
    await player.toggle('a');
    player.setLoop(true);
    player.setSpeed(2);
    await player.toggle('b');
    expect(audios.map((audio) => [audio.playbackRate, audio.defaultPlaybackRate, audio.loop])).toEqual([
      [2, 2, true],
      [2, 2, true],
    ]);
    expect(player.getState()).toMatchObject({ speed: 2, loop: true });
  });

  test('a recording that is paused before it has started is paused, not failed', async () => {
    const { player, audios } = setUp();
    await player.toggle('a');
    await player.toggle('a');
    const audio = audios[0] as FakeAudio;
    audio.play = () =>
      new Promise((_, reject) => {
        audio.emit('play');
        audio.pause = () => {
          audio.emit('pause');
          reject(new DOMException('The play() request was interrupted by a call to pause().', 'AbortError'));
        };
      });
    const starting = player.toggle('a');
    expect(player.getState().status).toBe('playing');
    await player.toggle('a');
    await starting;
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused', failure: null });
  });

  test('a deleted recording stops, and another one goes on', async () => {
    const { player, loadedUrls } = setUp();
    await player.toggle('a');
    player.forget(['b']);
    expect(player.getState().status).toBe('playing');
    player.forget(['a', 'b']);
    expect(player.getState()).toMatchObject({ id: null, status: 'stopped' });
    expect(loadedUrls()).toEqual([]);
  });
});
