import { beforeEach, expect, test, vi } from 'vitest';
import { openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { createTalkReports } from './talk-reports.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(resetFake);

function setup() {
  const reports = createTalkReports(() => 500);
  const onChange = vi.fn();
  reports.onChange(onChange);
  const contents = openFakeWindow().webContents;
  const report = (args: unknown) => reports.onReport(contents as never, args);
  return { reports, contents, onChange, report, talks: () => [...reports.all().values()] };
}

test('the turn of a page is known with the time of its report, until it ends', () => {
  const { report, talks, onChange } = setup();
  report({ talk: 'recording', seconds: 2 });
  expect(talks()).toEqual([{ talk: 'recording', seconds: 2, at: 500 }]);
  report({ talk: 'off', seconds: null });
  expect(talks()).toEqual([]);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('a page that reloads, crashes or closes has no turn any more', () => {
  for (const event of ['did-start-loading', 'render-process-gone', 'destroyed']) {
    const { report, contents, talks, onChange } = setup();
    report({ talk: 'paused', seconds: 2 });
    contents.emit(event);
    contents.emit(event);
    expect(talks()).toEqual([]);
    expect(onChange).toHaveBeenCalledTimes(2);
  }
});

test('H34 a report that is none changes nothing', () => {
  const { report, talks, onChange } = setup();
  for (const args of [null, 'recording', { talk: 'singing', seconds: 1 }, { talk: 'recording', seconds: -1 }])
    report(args);
  expect(talks()).toEqual([]);
  expect(onChange).not.toHaveBeenCalled();
});
