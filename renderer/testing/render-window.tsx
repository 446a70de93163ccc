import { cleanup, render } from '@testing-library/react';
import { type ReactNode, StrictMode } from 'react';
import { onTestFinished } from 'vitest';
import type { AppInfo, Bridge } from '../../shared/bridge.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createLink } from '../bridge/link.ts';
import type { DeviceOptions } from '../capture/microphone.ts';
import { createLogOutbox } from '../state/log-outbox.ts';
import { createServices, ServicesContext } from '../state/services.ts';
import { createSettingsStore } from '../state/settings-store.ts';
import { FakeMicrophone } from './fake-microphone.ts';
import { APP_INFO, fakeBridge, fakeClient } from './fakes.ts';

/** Renders components as main.tsx does, in StrictMode, over a fake host and a fake voice client. */
export function renderWindow(children: ReactNode, calls: Partial<Bridge> = {}, info: AppInfo = APP_INFO) {
  const voice = fakeClient();
  const host = fakeBridge(calls);
  const link = createLink();
  const opened = { tabs: 0 };
  const settings = createSettingsStore(host.bridge, link, { settings: DEFAULT_SETTINGS, info });
  const outbox = createLogOutbox(host.bridge, link);
  /** Microphones that were opened for a test. */
  const testMics: FakeMicrophone[] = [];
  const services = createServices({
    bridge: host.bridge,
    link,
    client: voice.client,
    settings,
    outbox,
    storage: window,
    reloaded: false,
    openTab: async () => void opened.tabs++,
    isHostProven: async () => true,
    openTestMicrophone(options) {
      const mic = new FakeMicrophone({ deviceId: '', ...options } as DeviceOptions);
      testMics.push(mic);
      return mic;
    },
  });
  const view = render(
    <StrictMode>
      <ServicesContext value={services}>{children}</ServicesContext>
    </StrictMode>,
  );
  onTestFinished(() => {
    cleanup();
    services.dispose();
  });
  return { ...view, ...host, voice, link, outbox, services, opened, testMics };
}
