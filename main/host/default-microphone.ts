import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A sound server that has not answered within this time (ms) does not. */
const TIMEOUT_MS = 1_000;
const Sources = z.array(z.object({ name: z.string(), description: z.string().max(256) }));

/** Runs a program and gives its output. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/**
 * The name of the system's default microphone, which Chromium does not tell on Linux: what PulseAudio, or PipeWire in its place,
 * calls it. Windows hear of it as often as they ask; the list of names is read again only when another one is the default.
 * @returns asks for it: empty where it is not known, as on other systems or without `pactl` (package pulseaudio-utils)
 */
export function createDefaultMicrophone(
  platform: NodeJS.Platform = process.platform,
  run: RunProgram = runProgram,
): () => Promise<string> {
  if (platform !== 'linux') return async () => '';
  let known = { source: '', label: '' };
  let asked: Promise<string> | null = null;

  async function ask(): Promise<string> {
    const source = (await run('pactl', ['get-default-source'])).trim();
    if (source !== known.source || known.label === '') {
      const sources = Sources.parse(JSON.parse(await run('pactl', ['-f', 'json', 'list', 'sources'])));
      known = { source, label: sources.find(({ name }) => name === source)?.description ?? '' };
    }
    return known.label;
  }

  // Several windows that ask at once get one answer.
  return () => {
    asked ??= ask()
      .catch(() => '')
      .finally(() => {
        asked = null;
      });
    return asked;
  };
}

const runProgram: RunProgram = async (program, args) => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: TIMEOUT_MS, maxBuffer: 4_194_304 });
  return stdout;
};
