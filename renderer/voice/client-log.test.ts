import { describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import { composeText } from '../../shared/log-line.ts';
import type { ProblemCode } from '../connection/problems.ts';
import { type Rig, readyRig, settle, setupFakeClient, URL_1 } from '../testing/client-rig.ts';
import { CLOSING } from '../testing/fake-voice-socket.ts';
import { en } from '../text/en.ts';

setupFakeClient();

describe('the log', () => {
  test('records a turn', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.stopTurn();
    expect(r.log.map(({ event, fields }) => composeText(event, fields))).toEqual([
      '👆 Mic button pressed (start)',
      `📡 Connecting to ${URL_1}?user_id=ada`,
      '🔄 Voice state changed: connecting',
      '🔗 WebSocket connection opened',
      '📥 WS_RECV | event=connected | session=s1 | attempt=1',
      '📤 WS_SEND | event=ready | session=s1',
      '🎯 WS_CONNECTED | session=s1',
      '🎤 MIC_OPENED | label=Desk microphone | rate=48000',
      '📤 WS_SEND | event=start | session=s1',
      '📥 WS_RECV | event=voice_state | session=s1 | state=listening',
      '🔄 Voice state changed: listening',
      '👆 Mic button pressed (stop)',
      '🔄 Voice state changed: stopping',
      '🎤 MIC_CLOSED',
      '📤 WS_SEND | event=stop | session=s1',
      '📥 WS_RECV | event=voice_state | session=s1 | state=idle',
      '👋 WS_DISCONNECT | code=1000',
      '🔄 Voice state changed: idle',
    ]);
  });

  test('records a refusal and the retry', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.refuse();
    expect(r.log.slice(-4).map(({ event, fields }) => composeText(event, fields))).toEqual([
      '⚠️ WebSocket error',
      '👋 WS_DISCONNECT | code=1006',
      '⏳ Reconnecting in 125 ms (failure 1 in a row)',
      '🔄 Voice state changed: reconnecting',
    ]);
  });

  test('records a message as sent only if it was', async () => {
    const r = await readyRig();
    await r.startListening();
    r.client.press();
    // The server's close frame has arrived; the browser reports the close later.
    r.socket.readyState = CLOSING;
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.logged('WS_SEND').map((fields) => fields.event)).toEqual(r.socket.sentEvents);
  });

  test('has one audio line a second with the frames sent and acknowledged, and none per frame', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    for (let i = 1; i <= 100; i++) {
      r.mic.frame(1);
      if (i % 10 === 0) r.socket.acknowledge(i - 1);
      await vi.advanceTimersByTimeAsync(20);
    }
    r.mic.frame(1);
    expect(r.logged('AUDIO')).toEqual([
      { session: 's1', frames: 50, through: 49, acknowledged: 49 },
      { session: 's1', frames: 50, through: 99, acknowledged: 99 },
    ]);
    r.mic.tail = [1];
    await r.stopTurn();
    expect(r.logged('AUDIO').slice(2)).toEqual([{ session: 's1', frames: 2, through: 101, acknowledged: 101 }]);
    expect(r.log.length).toBeLessThan(30);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(r.logged('AUDIO')).toHaveLength(3);
  });

  test.each<[string, (r: Rig) => void, ProblemCode, LogEventName]>([
    ['denied', (r) => r.mic.fail(new EarshotError('mic_denied', 'No.')), 'mic_denied', 'MIC_FAILED'],
    [
      'ended by a rule',
      (r) => r.socket.open().welcome('s1').end(1008, 'too many malformed messages'),
      'refused_policy',
      'ERROR',
    ],
  ])('names a problem once: %s', async (_title, happen, problem, event) => {
    const r = await readyRig();
    r.client.press();
    happen(r);
    await settle();
    expect(r.logged(event)).toEqual([{ type: problem, detail: en.problems[problem].title }]);
  });

  test('an error of the server is logged and ends nothing', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.receive({ event: 'error', session_id: 's1', code: 'bad_audio', message: 'No.', retryable: false });
    expect(r.logged('ERROR')).toEqual([{ type: 'bad_audio', detail: 'No.' }]);
    expect(r.view).toBe('listening');
  });

  test('an unreadable message is logged and ends nothing', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.onmessage?.({ data: 'hello' });
    r.socket.onmessage?.({ data: '{"event":"__proto__"}' });
    expect(r.logged('WARNING')).toEqual([
      { type: 'unreadable_message', detail: 'not JSON' },
      { type: 'unreadable_message', detail: 'event __proto__' },
    ]);
    expect(r.view).toBe('listening');
  });
});
