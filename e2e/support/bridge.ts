import type { Page } from '@playwright/test';
import type { BridgeAnswer, BridgeArgs, BridgeCallName, VoiceAddress } from '../../shared/bridge.ts';

/** Makes a bridge call of the desktop app from its page. @returns `{ ok: true, value }` or `{ ok: false, error }` */
export function callHost<Name extends BridgeCallName>(
  page: Page,
  call: Name,
  args: BridgeArgs<Name>,
): Promise<unknown> {
  return page.evaluate(
    ({ call, args }) =>
      (window as unknown as { earshot: Record<string, (args: unknown) => unknown> }).earshot[call]?.(args),
    { call: call as string, args: args as unknown },
  );
}

/** The voice server's address, as the page gets it over the bridge. */
export async function voiceAddress(page: Page): Promise<VoiceAddress> {
  const answer = (await callHost(page, 'getVoiceAddress', undefined)) as BridgeAnswer;
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as VoiceAddress;
}
