import { decideTalk, type HoldSource, NOT_HELD, type TalkInput, type TalkState } from '../voice/talk-decision.ts';
import type { VoiceClient, VoiceView } from '../voice/voice-client.ts';
import { ACTIVE_VIEWS, type VoiceStore } from './voice-store.ts';

/** Views in which the mic is off, and a press switches it on. */
const OFF: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** Everything that can start, stop, pause or mute a turn in this window goes through here. */
export interface TalkControl {
  /** A press without a release. */
  press(): void;
  /**
   * The control is pressed down; `up` follows, also when its release can't be reported any more.
   * @param at `timeStamp` of the event: the time at which the user did it, also if the page was busy then
   */
  down(source: HoldSource, at: number): void;
  up(source: HoldSource, at: number): void;
  /** Starts a turn, unless one is active or being finished. */
  start(): void;
  isActive(): boolean;
  /** Stops the active turn, if there is one. */
  stop(): void;
  setPaused(paused: boolean): void;
  togglePause(): void;
  toggleMute(): void;
}

export function createTalkControl(
  voice: VoiceStore,
  client: Pick<VoiceClient, 'press' | 'setPaused' | 'setMuted'>,
): TalkControl {
  let state: TalkState = NOT_HELD;

  function send(input: TalkInput): void {
    const { view, turn } = voice.getState();
    const step = decideTalk(state, input, { active: ACTIVE_VIEWS.has(view), off: OFF.has(view), turn });
    state = step.state;
    if (step.press) client.press();
  }

  return {
    press: () => send({ type: 'press' }),
    down: (source, at) => send({ type: 'down', source, at }),
    up: (source, at) => send({ type: 'up', source, at }),
    start: () => send({ type: 'start' }),
    isActive: () => ACTIVE_VIEWS.has(voice.getState().view),
    stop: () => send({ type: 'stop' }),
    setPaused: (paused) => client.setPaused(paused),
    togglePause: () => client.setPaused(voice.getState().pausedAt === null),
    toggleMute: () => client.setMuted(!voice.getState().muted),
  };
}
