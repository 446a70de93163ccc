import { loopbackLookup } from '../../main/testing/loopback-lookup.ts';
import type { VoiceServerAddress } from '../../testing/shell.ts';
import { TestVoiceClient } from '../../testing/voice-client.ts';

/** Connects a client of the app's page that runs in the test, without a window. */
export function connectVoiceClient({ voice_url, token, origin }: VoiceServerAddress): TestVoiceClient {
  return new TestVoiceClient({ url: `${voice_url}?user_id=by-hand`, token, origin, lookup: loopbackLookup });
}
