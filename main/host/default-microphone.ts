import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Time limit (ms) of one `pactl` command. */
const TIMEOUT_MS = 1_000;
const Sources = z.array(z.object({ name: z.string(), description: z.string().max(256) }));

/** Runs a program and resolves with its standard output. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/**
 * The name of the system's default microphone, as PulseAudio or PipeWire reports it. Chromium does not provide it on
 * Linux. Every call asks for the default source; the list of names is read again only if that has changed.
 * @returns a function that resolves with the name, or with '' if it is unknown: on other systems and without `pactl`
 *   (package pulseaudio-utils)
 */
export function createDefaultMicrophone(
  platform: NodeJS.Platform = process.platform,
  run: RunProgram = runProgram,
): () => Promise<string> {
  if (platform !== 'linux') return async () => '';
  let cached = { source: '', label: '' };
  let pending: Promise<string> | null = null;

  async function query(): Promise<string> {
    const source = (await run('pactl', ['get-default-source'])).trim();
    if (source !== cached.source || cached.label === '') {
      const sources = Sources.parse(JSON.parse(await run('pactl', ['-f', 'json', 'list', 'sources'])));
      cached = { source, label: sources.find(({ name }) => name === source)?.description ?? '' };
    }
    return cached.label;
  }

  // Concurrent calls share one query.
  return () => {
    pending ??= query()
      .catch(() => '')
      .finally(() => {
        pending = null;
      });
    return pending;
  };
}

const runProgram: RunProgram = async (program, args) => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: TIMEOUT_MS, maxBuffer: 4_194_304 });
  return stdout;
};
