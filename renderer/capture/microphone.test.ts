import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { AudioGraph } from './audio-graph.ts';
import type { CaptureReport, CaptureRequest } from './capture-processor.ts';
import { type Microphone, type MicrophoneOptions, openMicrophone } from './microphone.ts';

class FakeTrack extends EventTarget {
  readyState: MediaStreamTrackState = 'live';
  muted = false;
  readonly label = 'Fake microphone';

  constructor(readonly deviceId: string) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId, noiseSuppression: true };
  }

  /** No event is fired, as specified, because the caller of `stop` knows. */
  stop(): void {
    this.readyState = 'ended';
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

/** A permission prompt that waits for the user. */
interface Prompt {
  audio: MediaTrackConstraints;
  allow(): FakeTrack;
  fail(name: string): void;
}

class FakeMedia extends EventTarget {
  readonly prompts: Prompt[] = [];
  readonly tracks: FakeTrack[] = [];
  inputs = ['default', 'desk'];
  listeners = 0;

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }

  getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.prompts.push({
        audio,
        allow: () => {
          const track = new FakeTrack('desk');
          this.tracks.push(track);
          resolve({ getTracks: () => [track], getAudioTracks: () => [track] });
          return track;
        },
        fail: (name) => reject(new DOMException('', name)),
      });
    });
  }

  async enumerateDevices(): Promise<unknown[]> {
    return [
      ...this.inputs.map((deviceId) => ({ kind: 'audioinput', deviceId })),
      { kind: 'audiooutput', deviceId: 'x' },
    ];
  }

  /** The most recent prompt. */
  get prompt(): Prompt {
    const prompt = this.prompts.at(-1);
    if (!prompt) throw new Error('no microphone was requested');
    return prompt;
  }

  get liveTracks(): number {
    return this.tracks.filter((track) => track.readyState === 'live').length;
  }
}

class FakeContext {
  state: AudioContextState = 'suspended';
  readonly sampleRate = 44_100;
  readonly audioWorklet = { addModule: async (_url: string): Promise<void> => {} };
  readonly sources: unknown[] = [];
  onstatechange: (() => void) | null = null;

  async resume(): Promise<void> {
    if (this.state === 'suspended') this.state = 'running';
  }
  /** Actions of the system that were not requested. */
  interrupt(state: AudioContextState = 'suspended'): void {
    this.state = state;
    this.onstatechange?.();
  }
  async close(): Promise<void> {
    this.state = 'closed';
  }
  createMediaStreamSource(stream: unknown): unknown {
    this.sources.push(stream);
    return { connect: () => {}, disconnect: () => {} };
  }
}

/** The audio thread: delivers what the test passes to it, and answers a flush with the remainder. */
class FakeNode {
  static last: FakeNode;
  static remainder = 7;
  static answersFlush = true;
  onprocessorerror: () => void = () => {};
  readonly port = {
    onmessage: null as ((event: { data: CaptureReport }) => void) | null,
    postMessage: ({ type }: CaptureRequest) => {
      if (type !== 'flush' || !FakeNode.answersFlush) return;
      // Another thread's answer arrives in a later task.
      setTimeout(() => {
        this.deliver(FakeNode.remainder);
        this.#post({ type: 'flushed' });
      });
    },
    close: () => {},
  };

  constructor() {
    FakeNode.last = this;
    // Audio arrives as soon as the page listens.
    queueMicrotask(() => this.#post({ type: 'started', sampleRate: 44_100 }));
  }

  deliver(samples: number): void {
    this.#post({ type: 'frame', pcm: new Int16Array(samples), isLast: false });
  }

  gap(ms: number): void {
    this.#post({ type: 'gap', ms });
  }

  setBack(): void {
    this.#post({ type: 'set-back' });
  }

  #post(data: CaptureReport): void {
    this.port.onmessage?.({ data });
  }
}

/** A computer with a microphone, and the events that the app received. */
function setUp() {
  const media = new FakeMedia();
  const contexts: FakeContext[] = [];
  const frames: number[] = [];
  const gaps: number[] = [];
  const states: MicrophoneState[] = [];
  const onEnded = vi.fn();
  const createContext = () => {
    const context = new FakeContext();
    contexts.push(context);
    return context as unknown as AudioContext;
  };
  const open = ({
    createContext: make = createContext,
    ...overrides
  }: Partial<MicrophoneOptions> & { createContext?: () => AudioContext } = {}): Microphone =>
    openMicrophone({
      deviceId: '',
      events: {
        onFrame: (pcm) => frames.push(pcm.length),
        onGap: (ms) => gaps.push(ms),
        onState: (state) => states.push(state),
        onEnded,
      },
      media: media as unknown as MediaDevices,
      createCapture: (events) => new AudioGraph(make(), events),
      ...overrides,
    });
  const openLive = async () => {
    const microphone = open();
    const track = media.prompt.allow();
    await microphone.ready;
    const context = contexts.at(-1);
    if (!context) throw new Error('ready without a context');
    return { microphone, track, node: FakeNode.last, context };
  };
  return { media, contexts, frames, gaps, states, onEnded, open, openLive };
}

/**
 * Waits until the device list has been read and all effects are done: promises run before the next task.
 */
const listRead = async (media: FakeMedia) => {
  await media.enumerateDevices();
  await new Promise((resolve) => setTimeout(resolve));
};

const stopped = expect.objectContaining({ code: 'mic_stopped' });
const problem = (code: string) => expect.objectContaining({ name: 'EarshotError', code });

beforeEach(() => {
  vi.stubGlobal('AudioWorkletNode', FakeNode);
  FakeNode.answersFlush = true;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('opening', () => {
  test('requests the device synchronously, within the press, and creates no context before it has a stream', async () => {
    const { media, contexts, open } = setUp();
    const microphone = open();
    expect(media.prompts).toHaveLength(1);
    await Promise.resolve();
    expect(contexts).toHaveLength(0);
    media.prompt.allow();
    await microphone.ready;
    expect(contexts).toHaveLength(1);
  });

  test('requests all channels, without the browser’s processing', () => {
    const { media, open } = setUp();
    void open();
    expect(media.prompt.audio).toEqual({
      channelCount: { ideal: 32 },
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
    void open({ deviceId: 'desk' });
    expect(media.prompt.audio).toMatchObject({ deviceId: { exact: 'desk' } });
  });

  test('requests the processing that the user has switched on', () => {
    const { media, open } = setUp();
    void open({ processing: { echoCancellation: true, noiseSuppression: false, autoGainControl: true } });
    expect(media.prompt.audio).toEqual({
      channelCount: { ideal: 32 },
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: true,
    });
  });

  test('is ready when audio arrives, with the device’s name and rate', async () => {
    const { media, contexts, frames, open } = setUp();
    const microphone = open();
    media.prompt.allow();
    await expect(microphone.ready).resolves.toEqual({
      label: 'Fake microphone',
      sampleRate: 44_100,
      processing: { noiseSuppression: true },
    });
    expect(contexts[0]).toMatchObject({ state: 'running', sources: [expect.anything()] });
    FakeNode.last.deliver(320);
    expect(frames).toEqual([320]);
  });

  test.each(['OverconstrainedError', 'NotFoundError'])(
    'H44 a missing device (%s): mic_missing, and no other is requested',
    async (name) => {
      const { media, open } = setUp();
      const microphone = open({ deviceId: 'gone' });
      media.prompt.fail(name);
      await expect(microphone.ready).rejects.toEqual(problem('mic_missing'));
      expect(media.prompts).toHaveLength(1);
    },
  );

  test('a chosen device that is refused is not replaced', async () => {
    const { media, open } = setUp();
    const microphone = open({ deviceId: 'desk' });
    media.prompt.fail('NotAllowedError');
    await expect(microphone.ready).rejects.toEqual(problem('mic_denied'));
    expect(media.prompts).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('delivers the remaining audio, then stops the track and closes the context; nothing follows', async () => {
    const { contexts, frames, openLive } = setUp();
    const { microphone, track, node } = await openLive();
    node.deliver(320);
    await microphone.stop();
    expect(frames).toEqual([320, FakeNode.remainder]);
    expect(track.readyState).toBe('ended');
    expect(contexts[0]?.state).toBe('closed');
    node.deliver(320);
    expect(frames).toHaveLength(2);
  });

  test('twice has no further effect', async () => {
    const { frames, openLive } = setUp();
    const { microphone } = await openLive();
    await Promise.all([microphone.stop(), microphone.stop()]);
    await microphone.stop();
    expect(frames).toEqual([FakeNode.remainder]);
  });

  test('takes less than 500 ms if the audio thread does not answer and the context does not close', async () => {
    vi.useFakeTimers();
    const { media, openLive } = setUp();
    const { microphone, context } = await openLive();
    FakeNode.answersFlush = false;
    context.close = () => new Promise(() => {});
    const done = vi.fn();
    void microphone.stop().then(done);
    await vi.advanceTimersByTimeAsync(499);
    expect(done).toHaveBeenCalled();
    expect(media.liveTracks).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H15 during the permission prompt: resolves once the user allowed it, with the stream stopped', async () => {
    const { media, contexts, open } = setUp();
    const microphone = open();
    const done = vi.fn();
    const stop = microphone.stop().then(done);
    await new Promise((resolve) => setTimeout(resolve));
    expect(contexts).toEqual([]);
    expect(done).not.toHaveBeenCalled();
    const track = media.prompt.allow();
    await stop;
    expect(track.readyState).toBe('ended');
    await expect(microphone.ready).rejects.toEqual(stopped);
  });

  test('H15 during the permission prompt, then refused: resolves, and the refusal is not a problem', async () => {
    const { media, open } = setUp();
    const microphone = open();
    const stop = microphone.stop();
    media.prompt.fail('NotAllowedError');
    await stop;
    await expect(microphone.ready).rejects.toEqual(stopped);
  });

  test('H15 while the worklet is loading: does not wait for it, and builds no graph when it is loaded', async () => {
    const { media, open } = setUp();
    const context = new FakeContext();
    let loaded = () => {};
    context.audioWorklet.addModule = () => new Promise((resolve) => (loaded = resolve));
    const microphone = open({ createContext: () => context as unknown as AudioContext });
    media.prompt.allow();
    await vi.waitFor(() => expect(media.listeners).toBe(1)); // the stream is there
    await microphone.stop();
    expect(media.liveTracks).toBe(0);
    loaded();
    await expect(microphone.ready).rejects.toEqual(stopped);
    expect(context.sources).toEqual([]);
  });

  test('any number of microtasks after the prompt: either it was ready and its rest was delivered, or neither', async () => {
    const outcomes = new Set<string>();
    for (let wait = 0; wait < 30; wait++) {
      const { media, frames, open } = setUp();
      const microphone = open();
      media.prompt.allow();
      for (let i = 0; i < wait; i++) await Promise.resolve();
      await microphone.stop();
      const ready = await microphone.ready.then(
        () => 'ready',
        (error) => error.code,
      );
      expect(frames).toEqual(ready === 'ready' ? [FakeNode.remainder] : []);
      expect(media.liveTracks).toBe(0);
      outcomes.add(ready);
    }
    expect(outcomes).toEqual(new Set(['mic_stopped', 'ready']));
  });

  test('H13 opened, stopped and opened again in one tick, as in StrictMode: one live track, then none', async () => {
    const { media, open } = setUp();
    const first = open();
    const stopFirst = first.stop();
    const second = open();
    for (const prompt of media.prompts) prompt.allow();
    await stopFirst;
    await second.ready;
    expect(media.liveTracks).toBe(1);
    await second.stop();
    expect(media.liveTracks).toBe(0);
  });

  test('H15 at any time during opening, in any order of events: no live track, no open context', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, allowed) => {
        const { media, contexts, frames, open } = setUp();
        const step = (label: string) => scheduler.schedule(Promise.resolve(), label);
        const microphone = open({
          createContext: () => {
            const context = new FakeContext();
            contexts.push(context);
            const { resume, close } = context;
            context.audioWorklet.addModule = () => step('module loaded');
            context.resume = () => step('resumed').then(() => resume.call(context));
            context.close = () => step('closed').then(() => close.call(context));
            return context as unknown as AudioContext;
          },
        });
        void step('prompt answered').then(() =>
          allowed ? media.prompt.allow() : media.prompt.fail('NotAllowedError'),
        );
        let framesAtStop = -1;
        const stop = step('stop').then(async () => {
          await microphone.stop();
          framesAtStop = frames.length;
        });
        await scheduler.waitFor(Promise.allSettled([microphone.ready, stop]));
        await stop;
        expect(media.liveTracks).toBe(0);
        expect(contexts.filter((context) => context.state !== 'closed')).toEqual([]);
        expect(contexts.length).toBeLessThanOrEqual(1);
        expect(media.listeners).toBe(0);
        if (media.tracks.length > 0) FakeNode.last?.deliver(320);
        expect(frames).toHaveLength(framesAtStop);
      }),
    );
  });
});

describe('failing', () => {
  test.each([
    ['NotAllowedError', 'mic_denied'],
    ['NotFoundError', 'mic_missing'],
    ['NotReadableError', 'mic_busy'],
    ['InvalidStateError', 'mic_failed'],
  ])('H44 %s rejects as %s, and no context is created', async (name, code) => {
    const { media, contexts, open } = setUp();
    const microphone = open();
    media.prompt.fail(name);
    await expect(microphone.ready).rejects.toEqual(problem(code));
    expect(contexts).toEqual([]);
    await microphone.stop();
  });

  test('H44 no mediaDevices (an insecure page) is mic_failed', async () => {
    const { contexts, open } = setUp();
    await expect(open({ media: undefined }).ready).rejects.toEqual(problem('mic_failed'));
    expect(contexts).toEqual([]);
  });

  test('H44 a getUserMedia that throws synchronously is mic_failed', async () => {
    const { media, open } = setUp();
    media.getUserMedia = () => {
      throw new TypeError('no');
    };
    await expect(open().ready).rejects.toEqual(problem('mic_failed'));
  });

  test('H44 without AudioContext: mic_failed, and a stream that is allowed later is stopped', async () => {
    const { media, open } = setUp();
    const microphone = open({
      createContext: () => {
        throw new DOMException('too many', 'NotSupportedError');
      },
    });
    media.prompt.allow();
    await expect(microphone.ready).rejects.toEqual(problem('mic_failed'));
    expect(media.liveTracks).toBe(0);
  });

  test.each([
    // The browsers' own error, whatever the HTTP status was.
    [
      'H69',
      'does not load is a part of the window that did not load, whatever the error is called',
      'part_not_loaded',
      (context: FakeContext) =>
        (context.audioWorklet.addModule = () => Promise.reject(new DOMException('not loaded', 'AbortError'))),
    ],
    [
      'H44',
      'is missing is mic_failed',
      'mic_failed',
      (context: FakeContext) => Object.assign(context, { audioWorklet: undefined }),
    ],
    // Other APIs use the error names of getUserMedia too.
    [
      'H69',
      'can’t be created is mic_failed, whatever the error is called',
      'mic_failed',
      (context: FakeContext) =>
        (context.createMediaStreamSource = () => {
          throw new DOMException('no', 'NotAllowedError');
        }),
    ],
  ] as const)(
    '%s a worklet that %s, the track stopped and the context closed',
    async (_case, _title, code, breakIt) => {
      const { media, open } = setUp();
      const context = new FakeContext();
      breakIt(context);
      const microphone = open({ createContext: () => context as unknown as AudioContext });
      media.prompt.allow();
      await expect(microphone.ready).rejects.toEqual(problem(code));
      expect(media.liveTracks).toBe(0);
      expect(context.state).toBe('closed');
    },
  );

  test('H69 a worklet whose file does not arrive is a part of the window that did not load, after 10 s', async () => {
    vi.useFakeTimers();
    const { media, open } = setUp();
    const context = new FakeContext();
    context.audioWorklet.addModule = () => new Promise(() => {});
    const microphone = open({ createContext: () => context as unknown as AudioContext });
    media.prompt.allow();
    const rejected = expect(microphone.ready).rejects.toEqual(problem('part_not_loaded'));
    await vi.advanceTimersByTimeAsync(10_000);
    await rejected;
    expect(media.liveTracks).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H44 a context that stays suspended is mic_failed after 5 s', async () => {
    vi.useFakeTimers();
    const { media, open } = setUp();
    const context = new FakeContext();
    context.resume = () => new Promise(() => {});
    const microphone = open({ createContext: () => context as unknown as AudioContext });
    media.prompt.allow();
    const rejected = expect(microphone.ready).rejects.toEqual(problem('mic_failed'));
    await vi.advanceTimersByTimeAsync(5_000);
    await rejected;
    expect(media.liveTracks).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H44 a device that is disconnected while it opens is mic_missing, not an end', async () => {
    const { media, onEnded, open } = setUp();
    const microphone = open();
    media.prompt.allow().unplug();
    await expect(microphone.ready).rejects.toEqual(problem('mic_missing'));
    expect(onEnded).not.toHaveBeenCalled();
  });
});

describe('ending', () => {
  test('H44 unplugged: reported once; the audio until then is still delivered at stop', async () => {
    const { media, onEnded, frames, openLive } = setUp();
    const { microphone, track } = await openLive();
    track.unplug();
    media.inputs = ['default'];
    media.dispatchEvent(new Event('devicechange'));
    await listRead(media);
    expect(onEnded).toHaveBeenCalledTimes(1);
    await microphone.stop();
    expect(frames).toEqual([FakeNode.remainder]);
  });

  test('H44 missing from the device list while its track is live: reported', async () => {
    const { media, onEnded, openLive } = setUp();
    await openLive();
    media.inputs = ['default'];
    media.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(onEnded).toHaveBeenCalledTimes(1));
  });

  test.each([
    ['another device came', ['default', 'desk', 'new']],
    ['the list is not readable', ['']],
  ])('%s: nothing ends', async (_, inputs) => {
    const { media, onEnded, openLive } = setUp();
    await openLive();
    media.inputs = inputs;
    media.dispatchEvent(new Event('devicechange'));
    await listRead(media);
    expect(onEnded).not.toHaveBeenCalled();
  });

  test('the audio thread fails: reported, because no further frame will arrive', async () => {
    const { onEnded, openLive } = setUp();
    const { node } = await openLive();
    node.onprocessorerror();
    expect(onEnded).toHaveBeenCalledTimes(1);
  });

  test('not reported after stop was called', async () => {
    const { media, onEnded, openLive } = setUp();
    const { microphone, track, node } = await openLive();
    media.inputs = [];
    media.dispatchEvent(new Event('devicechange'));
    const stop = microphone.stop();
    track.unplug();
    node.onprocessorerror();
    await stop;
    await listRead(media);
    expect(onEnded).not.toHaveBeenCalled();
  });
});

describe('audio that was not captured', () => {
  test('is reported with its length, without steps of the wall clock', async () => {
    const { openLive, gaps } = setUp();
    const { microphone, node } = await openLive();
    node.gap(3_000);
    expect(gaps).toEqual([3_000]);
    const { now } = Date;
    const set = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
    node.gap(60_000);
    expect(gaps.slice(1).filter((ms) => ms > 50)).toEqual([]);
    set.mockRestore();
    await microphone.stop();
  });
});

describe('H60 the wall clock is set back', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** @returns a live microphone, immediately after only the wall clock was set back by `ms` */
  async function openAndSetBack(ms: number) {
    const rig = setUp();
    const live = await rig.openLive();
    vi.setSystemTime(Date.now() - ms);
    return { ...rig, ...live };
  }

  test('the audio thread has noticed: the missing time is not longer because of it', async () => {
    const { microphone, node, gaps } = await openAndSetBack(3_600_000);
    node.setBack();
    node.gap(300);
    expect(gaps).toEqual([300]);
    await microphone.stop();
  });

  test('during a longer stall of the audio thread: the missing time is as long as the stall', async () => {
    const { microphone, node, gaps } = await openAndSetBack(2_000);
    node.gap(3_000);
    expect(gaps).toEqual([5_000]);
    await microphone.stop();
  });
});

describe('H52 H54 the microphone’s state', () => {
  const statuses = (states: MicrophoneState[]) => states.map(({ status }) => status);

  test('H52 is reported before the first audio, with its name', async () => {
    const { media, states, open } = setUp();
    const microphone = open();
    const track = media.prompt.allow();
    track.muted = true;
    await microphone.ready;
    expect(states).toEqual([{ label: 'Fake microphone', status: 'muted', instead_of: null }]);
    track.mute(false);
    expect(statuses(states)).toEqual(['muted', 'ok']);
    await microphone.stop();
  });

  test('H52 muted by the system during the turn: reported with the event and withdrawn with the next one, and no frame is lost', async () => {
    const { frames, states, openLive } = setUp();
    const { microphone, track, node } = await openLive();
    node.deliver(320);
    track.mute(true);
    node.deliver(320);
    track.mute(false);
    node.deliver(320);
    expect(statuses(states)).toEqual(['ok', 'muted', 'ok']);
    expect(frames).toEqual([320, 320, 320]);
    await microphone.stop();
    track.mute(true);
    expect(states).toHaveLength(3);
  });

  test('H54 silence of a muted track is not counted; counting restarts when it is unmuted', async () => {
    const { states, openLive } = setUp();
    const { microphone, track, node } = await openLive();
    track.mute(true);
    for (let i = 0; i < 1_000; i++) node.deliver(320);
    track.mute(false);
    for (let i = 0; i < 149; i++) node.deliver(320);
    expect(statuses(states)).toEqual(['ok', 'muted', 'ok']);
    node.deliver(320);
    expect(statuses(states)).toEqual(['ok', 'muted', 'ok', 'silent']);
    await microphone.stop();
  });

  test('H57 all channels of the device are requested, and the chosen one is passed to the capture', async () => {
    const { media, open } = setUp();
    const channels: number[] = [];
    const microphone = open({
      channel: 2,
      createCapture: (_events, channel) => {
        channels.push(channel);
        throw new Error('enough');
      },
    });
    expect(media.prompt.audio.channelCount).toEqual({ ideal: 32 });
    media.prompt.allow();
    await expect(microphone.ready).rejects.toThrow();
    expect(channels).toEqual([2]);
  });
});

describe('audio that stops arriving', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A live microphone whose context counts later calls of `resume`. */
  const openWatched = async () => {
    const rig = setUp();
    const live = await rig.openLive();
    return { ...rig, ...live, resume: vi.spyOn(live.context, 'resume') };
  };
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

  test.each(['suspended', 'interrupted'] as const)(
    'a context that is %s: resumed immediately, and capturing continues',
    async (state) => {
      const { context, node, resume, frames, onEnded } = await openWatched();
      context.interrupt(state);
      expect(resume).toHaveBeenCalledTimes(1);
      for (let frame = 0; frame < 10; frame++) {
        node.deliver(320);
        await vi.advanceTimersByTimeAsync(500);
      }
      expect(resume).toHaveBeenCalledTimes(1);
      expect(frames).toHaveLength(10);
      expect(onEnded).not.toHaveBeenCalled();
    },
  );

  test('a context that does not report it: resumed after a second without a frame, and not given up when one arrives', async () => {
    const { node, resume, onEnded } = await openWatched();
    node.deliver(320);
    await vi.advanceTimersByTimeAsync(750);
    expect(resume).not.toHaveBeenCalled();
    await seconds(1);
    expect(resume).toHaveBeenCalledTimes(1);
    node.deliver(320);
    await seconds(2);
    expect(onEnded).not.toHaveBeenCalled();
  });

  test.each([
    ['is refused', () => Promise.reject(new DOMException('', 'InvalidStateError'))],
    ['never settles', () => new Promise<void>(() => {})],
    ['helps nothing', () => Promise.resolve()],
  ])(
    'a resume that %s: reported once, after two minutes; the audio until then is still delivered at stop',
    async (_, outcome) => {
      const { microphone, context, node, frames, onEnded } = await openWatched();
      context.resume = outcome; // Not a mock: it would hide an unhandled rejection.
      node.deliver(320);
      context.interrupt();
      await seconds(119);
      expect(onEnded).not.toHaveBeenCalled();
      await seconds(1);
      expect(onEnded).toHaveBeenCalledTimes(1);
      expect(vi.getTimerCount()).toBe(0);
      await seconds(60);
      node.onprocessorerror();
      expect(onEnded).toHaveBeenCalledTimes(1);
      const stop = microphone.stop();
      await vi.runAllTimersAsync();
      await stop;
      expect(frames).toEqual([320, FakeNode.remainder]);
    },
  );

  test('an audio thread that failed before it was ready: detected by the missing frames', async () => {
    const { media, contexts, states, onEnded, open } = setUp();
    const microphone = open({
      createContext: () => {
        const context = new FakeContext();
        contexts.push(context);
        context.resume = async () => {
          context.state = 'running';
          FakeNode.last.onprocessorerror();
        };
        return context as unknown as AudioContext;
      },
    });
    media.prompt.allow();
    await microphone.ready;
    expect(onEnded).not.toHaveBeenCalled();
    await seconds(1);
    expect(states.at(-1)?.status).toBe('stalled');
    await seconds(119);
    expect(onEnded).toHaveBeenCalledTimes(1);
  });

  test('H52 the missing time is reported with its reason, also for a microphone that is muted as well', async () => {
    const { media, open } = setUp();
    const gaps: Array<[number, string | undefined]> = [];
    const onGap = (ms: number, why?: string) => void gaps.push([ms, why]);
    const microphone = open({ events: { onFrame: () => {}, onGap, onState: () => {}, onEnded: () => {} } });
    const track = media.prompt.allow();
    await microphone.ready;
    const node = FakeNode.last;
    node.deliver(320);
    track.mute(true);
    await seconds(3);
    node.gap(3_000);
    node.deliver(320);
    node.gap(400);
    expect(new Set(gaps.slice(0, -1).map(([, why]) => why))).toEqual(new Set(['stalled']));
    expect(gaps.slice(0, -1).reduce((sum, [ms]) => sum + ms, 0)).toBe(3_000);
    expect(gaps.at(-1)).toEqual([400, undefined]);
  });

  test('a machine that slept for an hour counts one tick, which does not end the capture', async () => {
    const { node, onEnded, resume } = await openWatched();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(250);
    node.deliver(320);
    await vi.advanceTimersByTimeAsync(500);
    expect(resume).not.toHaveBeenCalled();
    expect(onEnded).not.toHaveBeenCalled();
  });

  test('nothing is resumed or reported after stop, and no timer is left', async () => {
    const { microphone, context, resume, onEnded } = await openWatched();
    const stop = microphone.stop();
    await vi.advanceTimersByTimeAsync(500);
    await stop;
    expect(vi.getTimerCount()).toBe(0);
    context.interrupt('closed');
    await seconds(10);
    expect(resume).not.toHaveBeenCalled();
    expect(onEnded).not.toHaveBeenCalled();
  });

  test('H15 stopped while the context starts, which then runs before it closes: no timer is left', async () => {
    const { media, open } = setUp();
    const context = new FakeContext();
    let started = () => {};
    context.resume = () =>
      new Promise((resolve) => {
        started = () => {
          context.state = 'running';
          resolve();
        };
      });
    context.close = () => new Promise(() => {});
    const microphone = open({ createContext: () => context as unknown as AudioContext });
    media.prompt.allow();
    await vi.advanceTimersByTimeAsync(0);
    const stop = microphone.stop();
    started();
    await vi.advanceTimersByTimeAsync(500);
    await stop;
    await expect(microphone.ready).rejects.toEqual(stopped);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a device that was disconnected while it opened leaves no timer', async () => {
    const { media, open } = setUp();
    const microphone = open();
    media.prompt.allow().unplug();
    await expect(microphone.ready).rejects.toEqual(problem('mic_missing'));
    expect(vi.getTimerCount()).toBe(0);
  });
});
