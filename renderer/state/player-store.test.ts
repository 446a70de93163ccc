import { describe, expect, test } from 'vitest';
import { createPlayerStore, type PlayableAudio, type PlayerDependencies } from './player-store.ts';

/** An audio element that plays at once and tells so, as a browser does. */
function fakeAudio(fails: boolean): PlayableAudio & { end(): void } {
  const listeners = new Map<string, () => void>();
  const tell = (type: string) => listeners.get(type)?.();
  return {
    currentTime: 0,
    play: async () => {
      if (fails) throw new DOMException('no', 'NotSupportedError');
      tell('play');
    },
    pause: () => tell('pause'),
    addEventListener: (type, listener) => void listeners.set(type, listener),
    end: () => tell('ended'),
  };
}

function setUp(needs: Partial<PlayerDependencies> & { playFails?: boolean } = {}) {
  const audios: ReturnType<typeof fakeAudio>[] = [];
  const urls = new Set<string>();
  const saved: string[] = [];
  const player = createPlayerStore({
    load: async (id) => new Blob([id]),
    save: (_, name) => void saved.push(name),
    createAudio: () => {
      const audio = fakeAudio(needs.playFails ?? false);
      audios.push(audio);
      return audio;
    },
    createUrl: () => {
      const url = `blob:${urls.size}-${audios.length}`;
      urls.add(url);
      return url;
    },
    revokeUrl: (url) => void urls.delete(url),
    ...needs,
  });
  return { player, audios, urls, saved };
}

describe('player', () => {
  test('plays, pauses, goes on, and starts over after the end, loading once', async () => {
    const { player, audios } = setUp();
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      await player.toggle('a');
      statuses.push(player.getState().status);
    }
    audios[0]?.end();
    statuses.push(player.getState().status);
    await player.toggle('a');
    statuses.push(player.getState().status);
    expect(statuses).toEqual(['playing', 'paused', 'playing', 'stopped', 'playing']);
    expect(audios).toHaveLength(1);
  });

  test('another recording takes the player over, and the memory of the first is given back', async () => {
    const { player, urls } = setUp();
    await player.toggle('a');
    await player.toggle('b');
    expect(player.getState()).toMatchObject({ id: 'b', status: 'playing' });
    expect(urls.size).toBe(1);
    player.dispose();
    expect(urls.size).toBe(0);
  });

  test('a recording that arrives after another was asked for does not play', async () => {
    const waiting = new Map<string, (blob: Blob) => void>();
    const { player, audios } = setUp({ load: (id) => new Promise((resolve) => waiting.set(id, resolve)) });
    const first = player.toggle('a');
    const second = player.toggle('b');
    waiting.get('b')?.(new Blob());
    await second;
    waiting.get('a')?.(new Blob());
    await first;
    expect(audios).toHaveLength(1);
    expect(player.getState()).toMatchObject({ id: 'b', status: 'playing' });
  });

  test('pressing again while it loads asks for it once', async () => {
    let loads = 0;
    const { player } = setUp({ load: async () => new Blob([String(++loads)]) });
    await Promise.all([player.toggle('a'), player.toggle('a')]);
    expect(loads).toBe(1);
    expect(player.getState().status).toBe('playing');
  });

  test('what can not be loaded or played is a sentence, and the next try starts afresh', async () => {
    let broken = true;
    const { player } = setUp({
      load: async () => {
        if (broken) throw new Error('gone');
        return new Blob();
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
    expect(unplayable.urls.size).toBe(0);
  });

  test('a copy is saved under the name of the recording; a failure is a sentence', async () => {
    const { player, saved } = setUp();
    await player.saveCopy('a');
    expect(saved).toEqual(['a.wav']);
    const broken = setUp({ load: () => Promise.reject(new Error('gone')) });
    await broken.player.saveCopy('a');
    expect(broken.player.getState().failure).toMatchObject({ id: 'a', doing: 'save' });
  });
});
