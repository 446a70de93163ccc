import { describe, expect, test } from 'vitest';
import { connectionModel, settle } from '../testing/connection-model/model.ts';

describe('pause', () => {
  test('changes the view, sends nothing, and sets no timer', () => {
    const model = connectionModel().listening();
    const timers = [...model.timers.keys()];
    model.paused();
    expect([model.view, model.effectTexts]).toEqual(['paused', []]);
    expect([...model.timers.keys()]).toEqual(timers);
  });

  test('going on asks whether the connection is still alive', () => {
    const model = connectionModel().listening().paused().paused(false);
    expect([model.view, model.effectTexts]).toEqual(['listening', ['send_ping 1', 'set_timer pong 1000']]);
    expect(model.pong().view).toBe('listening');
  });

  test('a connection that died during the pause is replaced after it', () => {
    const model = connectionModel().listening().paused().paused(false).fire('pong');
    expect(model.view).toBe('reconnecting');
    model.fire('retry').welcome();
    expect([model.view, model.state.voice]).toEqual(['listening', 'listening']);
  });

  test('pausing twice is one pause', () => {
    const model = connectionModel().listening().paused();
    const { state } = model;
    expect(model.paused().state).toBe(state);
  });

  test('an outage during a pause resumes the session, still paused', () => {
    const model = connectionModel().listening().frame().paused().closed(1006);
    expect([model.view, model.state.paused]).toEqual(['reconnecting', true]);
    model.fire('retry').welcome();
    expect([model.view, model.effectTexts.includes('resume_audio 2')]).toEqual(['paused', true]);
    expect(model.paused(false).view).toBe('listening');
  });

  test('a new session in place of a lost one is paused as well', () => {
    const model = connectionModel().listening().frame().paused().closed(1006).fire('retry');
    model.welcome({ resumed: false, sessionId: 'other' }).answer('listening');
    expect([model.view, model.state.newSessions]).toEqual(['paused', 1]);
  });

  test('during an outage it is possible as well', () => {
    const model = connectionModel().listening().closed(1006).paused();
    expect([model.view, model.state.paused]).toEqual(['reconnecting', true]);
  });

  test('a press ends the paused turn, and the last samples of its microphone stay paused', () => {
    const model = connectionModel().listening().paused().press();
    expect([model.state.shouldListen, model.state.mic, model.state.paused]).toEqual([false, 'stopping', true]);
    expect(settle(model).isIdle).toBe(true);
  });

  test('the next turn starts unpaused and unmuted', () => {
    const model = connectionModel().listening().muted().paused().press();
    settle(model).listening();
    expect([model.state.paused, model.state.muted]).toEqual([false, false]);
  });

  test('a press while the paused turn is still being finished starts the next one unpaused', () => {
    const model = connectionModel().listening().paused().press().press();
    expect(model.state.paused).toBe(true);
    settle(model);
    expect([model.view, model.state.paused]).toEqual(['listening', false]);
  });

  test('nothing can be paused or muted without a live microphone', () => {
    const model = connectionModel().paused().muted();
    expect([model.state.paused, model.state.muted]).toEqual([false, false]);
    model.press().paused().muted();
    expect([model.state.paused, model.state.muted]).toEqual([false, false]);
  });

  test('a microphone that is disconnected during a pause ends the turn, with what was said before it', () => {
    const model = connectionModel().listening().frame(3).paused();
    model.send({ type: 'mic_ended', mic: model.state.micNumber });
    expect(model.state.problem).toBe('mic_unplugged');
    settle(model);
    expect(model.framesHeldFor('s1')).toEqual(['1:0', '1:1', '1:2']);
  });
});

describe('mute', () => {
  test('leaves the view and the connection as they are', () => {
    const model = connectionModel().listening().muted();
    expect([model.view, model.state.muted, model.effectTexts]).toEqual(['listening', true, []]);
    expect(model.muted(false).state.muted).toBe(false);
  });

  test('is independent of the pause', () => {
    const model = connectionModel().listening().muted().paused();
    expect(model.paused(false).state.muted).toBe(true);
  });
});

describe('the length limit', () => {
  test('ends the turn without a problem, and everything is delivered', () => {
    const model = connectionModel().listening().frame(2).send({ type: 'limit_reached' });
    expect([model.state.shouldListen, model.state.problem, model.state.limitReached]).toEqual([false, null, true]);
    settle(model);
    expect([model.view, model.state.limitReached, model.framesHeldFor('s1').length]).toEqual(['idle', true, 2]);
  });

  test('the next press forgets it', () => {
    const model = connectionModel().listening().send({ type: 'limit_reached' });
    expect(settle(model).press().state.limitReached).toBe(false);
  });

  test('changes nothing without a turn', () => {
    const model = connectionModel().send({ type: 'limit_reached' });
    expect([model.view, model.state.limitReached]).toEqual(['idle', false]);
  });
});
