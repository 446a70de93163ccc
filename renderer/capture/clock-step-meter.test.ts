import { expect, test } from 'vitest';
import { createClockStepMeter } from './clock-step-meter.ts';

let wall = 1.7e12;
let steady = 0;
/** Advances both clocks. */
function pass(ms: number): void {
  wall += ms;
  steady += ms;
}
const meter = () =>
  createClockStepMeter(
    () => wall,
    () => steady,
  );

test('a clock slewed by 0.5 ms a second has no step', () => {
  const steps = meter();
  for (let second = 0; second < 100; second++) {
    pass(1_000);
    wall += 0.5;
    steps.tick();
  }
  expect(steps.take()).toBe(0);
});

test.each([3_600_000, 250, -250, -3_600_000])(
  'a step of %i ms is reported once, even if a tick followed immediately',
  (ms) => {
    const steps = meter();
    pass(1_000);
    steps.tick();
    wall += ms;
    steps.tick();
    pass(200);
    expect([steps.take(), steps.take()]).toEqual([ms, 0]);
  },
);

test('an old step is not reported', () => {
  const steps = meter();
  wall += 5_000;
  for (let second = 0; second < 3; second++) {
    pass(1_000);
    steps.tick();
  }
  expect(steps.take()).toBe(0);
});

test('a stopped process: both clocks advance, so there is no step', () => {
  const steps = meter();
  pass(20_000);
  expect(steps.take()).toBe(0);
});
