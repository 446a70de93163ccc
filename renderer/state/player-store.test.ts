import { describe, expect, test } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { createPlayerStore, type PlayableAudio, type PlayerDependencies } from './player-store.ts';

/** An audio element that plays at once and tells so, as a browser does. */
class FakeAudio implements PlayableAudio {
  currentTime = 0;
  /** What it holds: an address until it is taken off and the element loaded anew. */
  holds: string | null;
  #src: string | null;
  readonly #listeners = new Map<string, () => void>();
  readonly #fails: boolean;

  constructor(url: string, fails: boolean) {
    this.#src = url;
    this.holds = url;
    this.#fails = fails;
  }

  async play(): Promise<void> {
    if (this.#fails) throw new DOMException('no', 'NotSupportedError');
    this.tell('play');
  }

  pause(): void {
    this.tell('pause');
  }

  removeAttribute(): void {
    this.#src = null;
  }

  load(): void {
    this.holds = this.#src;
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }

  tell(type: 'ended' | 'pause' | 'play' | 'error'): void {
    this.#listeners.get(type)?.();
  }
}

function setUp(needs: Partial<PlayerDependencies> & { playFails?: boolean } = {}) {
  const audios: FakeAudio[] = [];
  const saved: [string, string][] = [];
  const player = createPlayerStore({
    urlOf: async (id) => `recordings/signed/${id}.wav`,
    save: (url, name) => void saved.push([url, name]),
    createAudio: (url) => {
      const audio = new FakeAudio(url, needs.playFails ?? false);
      audios.push(audio);
      return audio;
    },
    ...needs,
  });
  return { player, audios, saved, held: () => audios.flatMap(({ holds }) => holds ?? []) };
}

const GONE = new EarshotError('no_such_recording', 'This recording is not there any more.');

describe('player', () => {
  test('plays, pauses, goes on, and starts over after the end, asking for the address once', async () => {
    const { player, audios } = setUp();
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      await player.toggle('a');
      statuses.push(player.getState().status);
    }
    audios[0]?.tell('ended');
    statuses.push(player.getState().status);
    await player.toggle('a');
    statuses.push(player.getState().status);
    expect(statuses).toEqual(['playing', 'paused', 'playing', 'stopped', 'playing']);
    expect(audios).toHaveLength(1);
  });

  test('H62 a recording is played from its address, and another one or the end gives back what the first held', async () => {
    const { player, held } = setUp();
    await player.toggle('a');
    expect(held()).toEqual(['recordings/signed/a.wav']);
    await player.toggle('b');
    expect(player.getState()).toMatchObject({ id: 'b', status: 'playing' });
    expect(held()).toEqual(['recordings/signed/b.wav']);
    player.dispose();
    expect(held()).toEqual([]);
    expect(player.getState()).toMatchObject({ id: null, status: 'stopped' });
  });

  test('an address that arrives after another recording was asked for is not played', async () => {
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

  test('pressing again while it loads asks for it once', async () => {
    let asked = 0;
    const { player } = setUp({ urlOf: async () => String(++asked) });
    await Promise.all([player.toggle('a'), player.toggle('a')]);
    expect(asked).toBe(1);
    expect(player.getState().status).toBe('playing');
  });

  test('what can not be had or played is a sentence, and the next try starts afresh', async () => {
    let broken = true;
    const { player } = setUp({
      urlOf: async () => {
        if (broken) throw new Error('the host is away');
        return 'a.wav';
      },
    });
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ status: 'stopped', failure: { id: 'a', doing: 'play' } });
    broken = false;
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ status: 'playing', failure: null });

    const unplayable = setUp({ playFails: true });
    await unplayable.player.toggle('a');
    expect(unplayable.player.getState().failure?.sentence).toMatch(/could not be played/);
    expect(unplayable.held()).toEqual([]);
  });

  test('a recording that breaks off while it plays is said, and the next try asks for its address anew', async () => {
    let asked = 0;
    const { player, audios, held } = setUp({ urlOf: async () => `launch-${++asked}.wav` });
    await player.toggle('a');
    audios[0]?.tell('error');
    expect(player.getState()).toMatchObject({ id: null, status: 'stopped', failure: { id: 'a', doing: 'play' } });
    expect(held()).toEqual([]);
    await player.toggle('a');
    expect(player.getState()).toMatchObject({ id: 'a', status: 'playing', failure: null });
    expect(held()).toEqual(['launch-2.wav']);
    // What the former element still tells is of nothing that anyone hears.
    audios[0]?.tell('error');
    audios[0]?.tell('ended');
    expect(player.getState()).toMatchObject({ id: 'a', status: 'playing', failure: null });
  });

  test('H61 the microphone is on: what plays is paused where it was, nothing else plays, and then it goes on', async () => {
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

  test('H61 a recording that arrives when the microphone is on by then does not play until it is asked for again', async () => {
    let arrive = (_: string) => {};
    const { player, audios } = setUp({ urlOf: () => new Promise((resolve) => (arrive = resolve)) });
    const asked = player.toggle('a');
    player.silence(true);
    arrive('a.wav');
    await asked;
    expect([player.getState().status, audios.length]).toEqual(['paused', 1]);
    player.silence(false);
    await player.toggle('a');
    expect(player.getState().status).toBe('playing');
  });

  test('H61 to be silenced as it begins to play is no failure', async () => {
    let refuse = () => {};
    const { player, audios } = setUp();
    await player.toggle('a');
    const [audio] = audios;
    if (!audio) throw new Error('nothing was loaded');
    audio.play = () => new Promise((_, reject) => (refuse = () => reject(new DOMException('paused', 'AbortError'))));
    audio.pause();
    const going = player.toggle('a');
    player.silence(true);
    refuse();
    await going;
    expect(player.getState()).toMatchObject({ id: 'a', status: 'paused', failure: null });
  });

  test('H61 a recording that can not be had while the microphone is on is a failure all the same', async () => {
    let fail = (_: Error) => {};
    const { player } = setUp({ urlOf: () => new Promise((_, reject) => (fail = reject)) });
    const asked = player.toggle('a');
    player.silence(true);
    fail(GONE);
    await asked;
    expect(player.getState()).toEqual({
      id: null,
      status: 'stopped',
      failure: { id: 'a', doing: 'play', sentence: GONE.message },
    });
  });

  test('a copy is the same address under the name of the recording; a failure is a sentence', async () => {
    const { player, saved } = setUp();
    await player.saveCopy('a');
    expect(saved).toEqual([['recordings/signed/a.wav', 'a.wav']]);
    const broken = setUp({ urlOf: () => Promise.reject(new Error('the host is away')) });
    await broken.player.saveCopy('a');
    expect(broken.player.getState().failure).toMatchObject({ id: 'a', doing: 'save' });
    expect(broken.player.getState().failure?.sentence).toMatch(/could not be saved/);
    expect(broken.saved).toEqual([]);
  });

  test('of a recording that is gone nothing is said that is not so', async () => {
    const { player } = setUp({ urlOf: () => Promise.reject(GONE) });
    await player.toggle('a');
    expect(player.getState().failure).toEqual({ id: 'a', doing: 'play', sentence: GONE.message });
    await player.saveCopy('a');
    expect(player.getState().failure).toEqual({ id: 'a', doing: 'save', sentence: GONE.message });
  });
});
