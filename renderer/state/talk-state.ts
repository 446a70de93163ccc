import type { TalkState } from '../../shared/desktop.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import { isWaitingToFinish } from './voice-store.ts';

type Talk = Pick<VoiceSnapshot, 'view' | 'micLive' | 'microphone' | 'muted' | 'pausedAt' | 'triesUntil'>;

/**
 * What the turn of this window does, in one word: the same for button, title, tray, task bar and overlay. Never
 * `recording` before sound has arrived. Pure.
 */
export function talkState(snapshot: Talk): TalkState {
  const { view, micLive, microphone, muted, pausedAt } = snapshot;
  if (view === 'idle' || view === 'error' || view === 'stopping' || isWaitingToFinish(snapshot)) return 'off';
  if (view === 'paused' || pausedAt !== null) return 'paused';
  if (view === 'connecting' || !micLive) return 'waiting';
  if (view === 'reconnecting') return 'reconnecting';
  if (muted) return 'muted';
  return (microphone?.status ?? 'ok') === 'ok' ? 'recording' : 'no_sound';
}
