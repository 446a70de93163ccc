import { expect } from 'vitest';
import { CLOSE } from '../../../shared/protocol.ts';
import { viewOf } from '../../connection/connection-state.ts';
import type { ConnectionEvent, TimerName } from '../../connection/connection-types.ts';
import { Environment } from './environment.ts';

/** Test model of the connection: one method per event, so that a test reads as a sequence of events. */
export class ConnectionModel extends Environment {
  press(): this {
    return this.send({ type: 'press' });
  }
  /** A welcome that resumes the requested session, unless `more` says otherwise. */
  welcome(more: Partial<Extract<ConnectionEvent, { type: 'welcome' }>> = {}): this {
    const { socket, sessionId } = this.state;
    const resumed = more.resumed ?? sessionId !== null;
    const id = resumed && sessionId !== null ? sessionId : `s${socket}`;
    return this.send({ type: 'welcome', socket, sessionId: id, resumed, isConsistent: true, random: 0.5, ...more });
  }
  paused(paused = true): this {
    return this.send({ type: 'set_paused', paused });
  }
  muted(muted = true): this {
    return this.send({ type: 'set_muted', muted });
  }
  micLive(): this {
    return this.send({ type: 'mic_live', mic: this.state.micNumber });
  }
  micStopped(): this {
    return this.send({ type: 'mic_stopped', mic: this.state.micNumber });
  }
  answer(state: 'idle' | 'listening'): this {
    return this.send({ type: 'voice_state', socket: this.state.socket, state });
  }
  pong(): this {
    return this.send({ type: 'pong', socket: this.state.socket });
  }
  frozen(random = 0.5): this {
    return this.send({ type: 'frozen', socket: this.state.socket, random });
  }
  protocolError(random = 0.5): this {
    return this.send({ type: 'protocol_error', socket: this.state.socket, random });
  }
  /** The peer could not prove that it is Earshot. */
  unproven(): this {
    return this.send({ type: 'unproven', socket: this.state.socket });
  }
  closed(code: number, more: { random?: number; retryAfterMs?: number; socket?: number } = {}): this {
    const { random = 0.5, retryAfterMs = null, socket = this.state.socket } = more;
    return this.send({ type: 'closed', socket, code, random, retryAfterMs });
  }
  fire(timer: TimerName, random = 0.5): this {
    expect(this.timers.has(timer), `the ${timer} timer is not set`).toBe(true);
    return this.send({ type: 'timer', timer, random });
  }
  listening(): this {
    this.press().welcome().micLive().answer('listening');
    expect(this.view).toBe('listening');
    return this;
  }
  get view() {
    return viewOf(this.state);
  }
  /** The effects of the last event, as text. */
  get effectTexts(): string[] {
    return this.effects.map(({ do: what, ...rest }) => [what, ...Object.values(rest)].join(' '));
  }
  /** The frames of a session that the server holds, as `microphone:frame`. */
  framesHeldFor(session: string): string[] {
    return (this.audio.held.get(session) ?? []).map(({ mic, n }) => `${mic}:${n}`);
  }
}

export const connectionModel = (): ConnectionModel => new ConnectionModel();

/**
 * Sends the next event of a healthy server, browser and clock.
 * @returns false if nothing is pending
 */
export function healthyStep(model: ConnectionModel): boolean {
  const { link, voice, turnConfirmed, mic, liveness } = model.state;
  if (mic === 'stopping') model.micStopped();
  else if (link === 'closing') model.closed(CLOSE.done);
  else if (link === 'waiting') model.fire('retry');
  else if (link === 'opening') model.welcome();
  else if (mic === 'opening') model.micLive();
  else if (link === 'welcomed' && liveness === 'asked') model.pong();
  else if (voice === 'starting' || (voice === 'stopping' && !turnConfirmed)) model.answer('listening');
  else if (voice === 'stopping') model.answer('idle');
  else return false;
  return true;
}

/** Like `cooperate`, but without answers of the server: only timers fire, in order, and microphones stop. */
export function timerStep(model: ConnectionModel): boolean {
  const timer = model.nextOf('close', 'answer', 'welcome', 'pong', 'retry', 'window');
  if (model.state.mic === 'stopping') model.micStopped();
  else if (timer) model.fire(timer);
  else return false;
  return true;
}

/** Sends events until nothing is pending. */
export function settle(model: ConnectionModel, step = healthyStep): ConnectionModel {
  for (let steps = 0; step(model); steps++) expect(steps, 'events are still pending after 200 steps').toBeLessThan(200);
  return model;
}
