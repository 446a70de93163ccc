import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { SessionTimeline } from '../renderer/state/session-timeline.ts';
import { downloadFile } from './support/download-file.ts';
import {
  cleanTurn,
  openSession,
  prepareFaults,
  sendForeignOrigin,
  turnWithRestart,
  turnWithThirdWelcome,
} from './support/session-scenarios.ts';
import { expect, test } from './support/test.ts';

// The view of one session: a stranger reads from it what happened.

const outcome = (page: Page) => page.getByTestId('session-outcome');
/** The names of the steps of a connection. */
const steps = (page: Page, connection = 0) =>
  page.getByTestId('session-connection').nth(connection).getByRole('rowheader').allTextContents();

const HANDSHAKE = [
  'Mic pressed',
  'Connection requested',
  'Request accepted',
  'Welcome sent',
  'Connection open',
  'Welcome received',
  'Welcome answered',
  'Answer received',
  'Start sent',
  'Recording began',
  'Listening',
];

test('the view of a clean session shows each step of the handshake, only its lines, and is saved as JSON', async ({
  app,
  shell,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await cleanTurn(earshot);
  await openSession(earshot);

  await expect(outcome(page)).toHaveText(/^Connected in [\d.]+\sm?s\. Listened for [\d.]+\ss\. Ended by you\.$/);
  // When the microphone opens depends on the machine.
  expect((await steps(page)).filter((step) => step !== 'Microphone open')).toEqual(HANDSHAKE);
  await expect(page.getByTestId('session-life')).toBeVisible();
  await expect(page.locator('[data-testid="log-row"][data-event="APP_STARTED"]')).toHaveCount(0);
  await expect(page.getByTestId('log-row').first()).toContainText(/[+−]\d+\.\d{3}/);

  const saved = await downloadFile(app, shell, page, () => page.getByTestId('session-save').click());
  expect(saved.name).toMatch(/^(?:earshot-session-.*\.json|saved)$/);
  const timeline = JSON.parse(readFileSync(saved.path, 'utf8')) as SessionTimeline;
  const [recording] = await app.recordings(1);
  expect(timeline).toMatchObject({ format: 'earshot-session', version: 1, session: recording?.session_id });
  expect(timeline.summary).toMatchObject({ welcomes: 1, lost: 0, missing_s: 0, ending: 'user', code: 1000 });

  await page.getByTestId('session-close').click();
  await expect(page.getByTestId('session-view')).toBeHidden();
  await earshot.logSearch.fill('app_started');
  await expect(page.locator('[data-testid="log-row"][data-event="APP_STARTED"]')).toHaveCount(1);
});

test('a welcome that needed its third attempt is seen with the attempts before it', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await prepareFaults(earshot);
  await turnWithThirdWelcome(earshot);
  await openSession(earshot);
  await expect(outcome(page)).toContainText('The welcome needed a third attempt.');
  const sent = (await steps(page)).filter((step) => step.startsWith('Welcome'));
  expect(sent).toEqual([
    'Welcome sent',
    'Welcome sent, 2 of 3',
    'Welcome sent, 3 of 3',
    'Welcome received, 3 of 3',
    'Welcome answered',
  ]);
  await expect(page.locator('[data-mark="welcome_repeated"]')).toHaveCount(2);
});

test('a restart of the server while speaking is seen as one loss, with the way back', async ({ app }) => {
  const earshot = await app.open({ restartable: true });
  const { page } = earshot;
  await turnWithRestart(earshot, () => app.host().restartVoice('same port'));
  await openSession(earshot);
  await expect(outcome(page)).toContainText(/The connection was lost once and was back after .* No sound is missing\./);
  await expect(page.getByTestId('session-connection')).toHaveCount(2);
  expect(await steps(page, 1)).toContain('Welcome received');
  await expect(page.getByTestId('session-marks')).toContainText('The voice server was stopped.');
  await expect(page.getByTestId('session-marks')).toContainText('The session was resumed');
});

test('a press that the server refuses has a view of its own, which the voice panel opens', async ({ app, shell }) => {
  app.allowErrors(/WebSocket connection to .* failed/);
  const earshot = await app.open();
  const { page } = earshot;
  if (shell === 'electron') {
    await sendForeignOrigin(app.electron());
  } else {
    // A page can't change its origin; without a key it is refused as well.
    await prepareFaults(earshot);
    await page.evaluate(() => {
      window.faults.connection = 'fails';
    });
  }
  await earshot.press();
  await page.getByTestId('show-in-log').first().click();
  await expect(outcome(page)).toContainText(
    shell === 'electron'
      ? 'The server refused the connection: it came from a page that is not Earshot’s.'
      : 'The server refused the connection: the key was wrong.',
  );
  await expect(outcome(page)).toContainText('No session began.');
  await expect(page.locator('[data-testid="session-connection"][data-result="refused"]').first()).toBeVisible();
  expect(await steps(page)).toContain(
    shell === 'electron'
      ? 'Refused: it came from a page that is not Earshot’s (403)'
      : 'Refused: the key was wrong (401)',
  );
});
