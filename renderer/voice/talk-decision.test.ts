import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideTalk, HOLD_MS, type HoldSource, NOT_HELD, type TalkInput, type TalkState } from './talk-decision.ts';

/** A window with one turn at a time, whose mic does what the decisions say. */
class Window {
  state: TalkState = NOT_HELD;
  active = false;
  turn = 0;
  now = 0;
  presses = 0;

  send(input: TalkInput): this {
    const { active, turn } = this;
    const step = decideTalk(this.state, input, { active, off: !active, turn });
    this.state = step.state;
    if (step.press) this.press();
    return this;
  }
  press(): void {
    this.presses += 1;
    if (!this.active) this.turn += 1;
    this.active = !this.active;
  }
  down(source: HoldSource): this {
    return this.send({ type: 'down', source, at: this.now });
  }
  up(source: HoldSource, afterMs = 0): this {
    this.now += afterMs;
    return this.send({ type: 'up', source, at: this.now });
  }
}

describe('one control', () => {
  test.each<HoldSource>(['button', 'key'])(
    'a short press of the %s starts a turn, and another one stops it',
    (source) => {
      const w = new Window().down(source);
      expect(w.active).toBe(true);
      expect(w.up(source, HOLD_MS - 1).active).toBe(true);
      expect(w.down(source).active).toBe(false);
      expect(w.up(source, HOLD_MS * 10).active).toBe(false);
      expect(w.presses).toBe(2);
    },
  );

  test.each<HoldSource>(['button', 'key'])('a %s that is held talks until its release', (source) => {
    const w = new Window().down(source);
    expect(w.active).toBe(true);
    expect(w.up(source, HOLD_MS).active).toBe(false);
  });

  test('key repeats while held change nothing', () => {
    const w = new Window().down('key');
    for (let i = 0; i < 50; i++) w.down('key');
    expect([w.active, w.presses]).toEqual([true, 1]);
    expect(w.up('key', HOLD_MS).active).toBe(false);
  });
});

describe('several controls', () => {
  test('a turn that the tray stopped while the key was held does not start again at the release', () => {
    const w = new Window().down('key').send({ type: 'stop' });
    expect(w.active).toBe(false);
    expect(w.up('key', HOLD_MS * 2).active).toBe(false);
    expect(w.presses).toBe(2);
  });

  test('a turn that began after the held one had ended is not stopped by the release', () => {
    const w = new Window().down('key');
    // The microphone fails, and the shortcut starts the next turn.
    w.active = false;
    w.send({ type: 'press' });
    expect(w.up('key', HOLD_MS * 2).active).toBe(true);
  });

  test('a turn that failed while held is not started again by the release', () => {
    const w = new Window().down('button');
    w.active = false;
    expect(w.up('button', HOLD_MS * 2).active).toBe(false);
  });

  test('a second control stops the turn, and neither release changes that', () => {
    const w = new Window().down('key').down('button');
    expect(w.active).toBe(false);
    expect(w.up('button', HOLD_MS).up('key', HOLD_MS).active).toBe(false);
    expect(w.presses).toBe(2);
  });

  test('start while a turn is active, and stop while none is, change nothing', () => {
    expect(new Window().send({ type: 'stop' }).presses).toBe(0);
    expect(new Window().down('key').up('key').send({ type: 'start' }).presses).toBe(1);
  });

  test('start waits for nothing that is being finished', () => {
    const facts = { active: false, off: false, turn: 1 };
    expect(decideTalk(NOT_HELD, { type: 'start' }, facts).press).toBe(false);
    expect(decideTalk(NOT_HELD, { type: 'press' }, facts).press).toBe(true);
  });
});

describe('any sequence of inputs', () => {
  const source = fc.constantFrom<HoldSource>('button', 'key');
  const step = fc.record({
    what: fc.constantFrom('down', 'up', 'press', 'start', 'stop', 'fails'),
    source,
    ms: fc.nat(HOLD_MS * 2),
  });
  const steps = fc.array(step, { maxLength: 60 });

  function play(w: Window, { what, source, ms }: { what: string; source: HoldSource; ms: number }): void {
    w.now += ms;
    if (what === 'fails') w.active = false;
    else if (what === 'down' || what === 'up') w.send({ type: what, source, at: w.now });
    else w.send({ type: what as 'press' | 'start' | 'stop' });
  }

  test('each input changes the turn at most once, stop ends it, start never ends it', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const w = new Window();
        for (const one of list) {
          const { presses, active } = w;
          play(w, one);
          expect(w.presses - presses).toBeLessThanOrEqual(1);
          if (one.what === 'stop') expect(w.active).toBe(false);
          if (one.what === 'start') expect(w.active).toBe(true);
          if (one.what === 'press') expect(w.active).toBe(!active);
          // A release only ever stops.
          if (one.what === 'up') expect(w.active && !active).toBe(false);
        }
      }),
    );
  });

  test('a release stops only the turn that its own control started, and only once', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const w = new Window();
        const startedBy = new Map<number, string>();
        for (const one of list) {
          const { active, turn } = w;
          play(w, one);
          if (!active && w.active) startedBy.set(w.turn, one.what === 'down' ? one.source : one.what);
          if (one.what === 'up' && active && !w.active) {
            expect(startedBy.get(turn)).toBe(one.source);
          }
        }
      }),
    );
  });

  test('when every control has been released and stop was sent, no turn is active and nothing is held', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const w = new Window();
        for (const one of list) play(w, one);
        w.up('button').up('key').send({ type: 'stop' });
        expect([w.active, w.state]).toEqual([false, NOT_HELD]);
      }),
    );
  });
});
