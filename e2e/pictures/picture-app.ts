import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import type { Sound } from '../../testing/audio/wav.ts';
import { electronRuntime, launchDesktop } from '../../testing/electron.ts';
import { ROOT } from '../../testing/host-process.ts';
import { microphoneOf, VOICE_WAV } from '../../testing/microphone.ts';
import { buildRestartableDesktop } from '../support/restartable-desktop.ts';
import { EarshotWindow } from '../support/window.ts';

/** The local time at which every picture starts: a Thursday morning. */
const NOW = new Date(2026, 10, 26, 11, 4, 0);

export interface PictureOptions {
  /** Writes recordings into the data folder before the app starts. */
  seed?: (dataDir: string, now: Date) => void;
  /** Sound of the microphone, 48 kHz. Default: the speech of the tests. */
  sound?: Sound;
  /** Settings that differ from those of a new user. */
  settings?: Record<string, unknown>;
  /** Whether the voice server can be restarted: `restartVoice` in the main process. */
  restartable?: boolean;
  /** Environment of the app, such as its language. */
  env?: NodeJS.ProcessEnv;
}

/** The desktop app for pictures: its clock starts at `NOW`. */
export interface PictureApp {
  earshot: EarshotWindow;
  electron: ElectronApplication;
  /** Ends the app and deletes its data. */
  close(): Promise<void>;
}

/**
 * Starts the desktop app with its own data folder and a shifted clock, so that dates and times in pictures are the same
 * every time.
 */
export async function openPictureApp(options: PictureOptions = {}): Promise<PictureApp> {
  const { seed, sound, settings, restartable = false, env = {} } = options;
  const runtime = electronRuntime();
  if ('missing' in runtime) throw new Error(runtime.missing);
  const dataDir = mkdtempSync(join(tmpdir(), 'earshot-pictures-'));
  seed?.(dataDir, NOW);
  // The pictures show a user who has finished the first steps.
  writeFileSync(
    join(dataDir, 'settings.json'),
    JSON.stringify({ schema_version: 1, first_steps_done: true, ...settings }),
  );
  const offset = NOW.getTime() - Date.now();
  const { electron, context, page } = await launchDesktop(
    runtime.executable,
    dataDir,
    {
      microphone: sound ? microphoneOf(sound, dataDir, 'microphone') : { wav: VOICE_WAV },
      permission: 'allowed',
      initScript: null,
      env,
    },
    await appWithClock(join(dataDir, 'app'), offset, restartable),
  );
  await context.addInitScript(clockScript(offset));
  await page.reload();
  const earshot = new EarshotWindow(page);
  await earshot.expectView('idle');
  return {
    earshot,
    electron,
    async close() {
      await electron.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Shifts `Date` in a page or in Node. It is run from its source, so it can use nothing from this file. */
function shiftClock(offset: number): void {
  const TrueDate = Date;
  const now = () => TrueDate.now() + offset;
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** @returns the source of a script that shifts the clock */
const clockScript = (offset: number) => `(${shiftClock})(${offset});`;

/** A folder with the built app, whose main process shifts its clock before anything else runs. @returns the folder */
async function appWithClock(folder: string, offset: number, restartable: boolean): Promise<string> {
  mkdirSync(folder);
  if (restartable) {
    await buildRestartableDesktop(folder);
  } else {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  }
  const { name, productName, version, main, desktopName } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const manifest = { name, productName, version, main: 'start.cjs', desktopName };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'start.cjs'), `${clockScript(offset)}\nrequire(${JSON.stringify(`./${main}`)});\n`);
  return folder;
}
