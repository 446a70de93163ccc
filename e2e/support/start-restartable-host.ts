import { type Host, type HostOptions, startHost as start } from '../../main/host/host.ts';

/** Stands in for `startHost` in the main process of a test: the same, and the test can reach the host's `restartVoice`. */
export async function startHost(options: HostOptions): Promise<Host> {
  const host = await start(options);
  Object.assign(globalThis, { restartVoice: host.restartVoice });
  return host;
}
