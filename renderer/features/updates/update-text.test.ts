import { expect, test } from 'vitest';
import type { UpdateState } from '../../../shared/desktop.ts';
import { updateText } from './update-text.ts';

const AVAILABLE: UpdateState = { state: 'available', version: '1.3.0' };
const DOWNLOADING: UpdateState = { state: 'downloading', version: '1.3.0', percent: 41.9 };
const READY: UpdateState = { state: 'ready', version: '1.3.0' };
const HELD: UpdateState = { ...READY, held: true };
const INSTALLING: UpdateState = { state: 'installing', version: '1.3.0' };
const FAILED: UpdateState = { state: 'failed', message: 'It did not come. Try again.' };

test('each state has a sentence and a next step', () => {
  const texts = [AVAILABLE, DOWNLOADING, READY, HELD, INSTALLING, FAILED].map((update) => updateText(update, false));
  expect(texts.map((shown) => [shown?.sentence, shown?.button, shown?.step, shown?.percent])).toEqual([
    ['Earshot 1.3.0 is available.', 'Download', 'download', null],
    ['Downloading Earshot 1.3.0.', '41%', null, 41],
    ['Earshot 1.3.0 is ready.', 'Restart and install', 'install', null],
    [
      'Earshot 1.3.0 is ready. It was not installed, because Earshot was listening.',
      'Restart and install',
      'install',
      null,
    ],
    [
      'Earshot 1.3.0 will be installed. Earshot restarts by itself when it is not listening.',
      'Installing…',
      null,
      null,
    ],
    ['It did not come. Try again.', 'Try again', 'download', null],
  ]);
  expect(updateText({ state: 'none' }, false)).toBeNull();
});

test('during a turn steps are disabled with a reason; a download continues', () => {
  for (const update of [AVAILABLE, READY, FAILED]) {
    expect(updateText(update, true)).toMatchObject({ step: null, reason: 'Stop the mic first.' });
    expect(updateText(update, false)?.reason).toBeNull();
  }
  for (const update of [DOWNLOADING, INSTALLING]) expect(updateText(update, true)).toEqual(updateText(update, false));
});
