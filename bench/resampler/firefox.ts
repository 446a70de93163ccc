import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { FirefoxResult } from './page-api.ts';
import type { BenchServer } from './page-server.ts';

const NAMES = ['firefox', 'firefox-esr'];
/** Time limit (ms) for Firefox to post its result. */
const TIMEOUT_MS = 60_000;
/** Use a fake microphone without a permission prompt, and switch background traffic off. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** Tests whether the installed Firefox accepts a microphone in an audio context of 16 kHz. @returns null without one */
export async function askFirefox(server: BenchServer): Promise<FirefoxResult | null> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const program = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (program === undefined) return null;
  const profile = await mkdtemp(join(tmpdir(), 'earshot-bench-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const result = server.nextResult();
  const firefox = spawn(program, ['--headless', '--no-remote', '--profile', profile, server.firefoxUrl], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  });
  const ended = once(firefox, 'exit');
  const timeout = setTimeout(() => firefox.kill('SIGKILL'), TIMEOUT_MS);
  try {
    const body = await Promise.race([result, ended.then(() => null)]);
    if (body === null)
      throw new Error(`${program} exited before it posted a result, or took longer than ${TIMEOUT_MS / 1_000} s`);
    return JSON.parse(body) as FirefoxResult;
  } finally {
    firefox.kill('SIGTERM');
    await ended;
    clearTimeout(timeout);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
