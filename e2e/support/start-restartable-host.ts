import { type Host, type HostOptions, startHost as start } from '../../main/host/host.ts';

/** Replaces `startHost` in the main process of a test, and exposes the host's `restartVoice` as a global. */
export async function startHost(options: HostOptions): Promise<Host> {
  const host = await start(options);
  Object.assign(globalThis, { restartVoice: host.restartVoice });
  return host;
}
