import './setup-zod.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { EarshotError } from '../shared/errors.ts';
import { chooseLanguage } from '../shared/language.ts';
import { App } from './app.tsx';
import { connectBridge } from './bridge/connect.ts';
import { watchForToken } from './bridge/token.ts';
import { prepareCapture } from './capture/prepare-capture.ts';
import { ErrorScreen } from './error-screen.tsx';
import { currentLayout, shownParts } from './features/window-parts/use-layout.ts';
import { followLanguage } from './state/follow-language.ts';
import { createLogOutbox } from './state/log-outbox.ts';
import { createMicrophoneOpener } from './state/microphone-opener.ts';
import type { OpenedMicrophone } from './state/microphones-store.ts';
import { watchPageEnd } from './state/page-end.ts';
import { reportTalk } from './state/report-talk.ts';
import { reportTurn } from './state/report-turn.ts';
import { createServices, ServicesContext } from './state/services.ts';
import { createSettingsStore } from './state/settings-store.ts';
import { answerStatusRequests } from './state/status-report.ts';
import { followTitleAndIcon } from './state/title-and-icon.ts';
import { applyLanguage } from './text/text.ts';
import { createVoiceClient } from './voice/client.ts';

/** Creates the services once, outside React. */
async function composeServices() {
  const { bridge, link, openTab, hasTooManyCookies, isHostProven } = await connectBridge();
  // After `connectBridge`, which verifies the host before any code is loaded from it.
  const createCapture = prepareCapture(() => link.state() === 'up');
  const [saved, info, { problem }] = await Promise.all([
    bridge.getSettings(),
    bridge.getAppInfo(),
    bridge.takeSettingsProblem(),
  ]);
  const settings = createSettingsStore(bridge, link, { settings: saved, info, problem });
  const outbox = createLogOutbox(bridge, link);
  const { log, flush } = outbox;
  const opener = {
    bridge,
    settings,
    createCapture,
    onOpened: (opened: OpenedMicrophone) => services.microphones.setOpened(opened),
  };
  const client = createVoiceClient({
    bridge,
    openMicrophone: createMicrophoneOpener({ ...opener, log }),
    origin: location.origin,
    hasTooManyCookies,
    log,
    settings: () => settings.getState().settings,
  });
  link.subscribe(() => client.setHostUnproven(link.state() === 'unproven'));
  const services = createServices({
    bridge,
    link,
    client,
    settings,
    outbox,
    storage: window,
    reloaded: performance.getEntriesByType('navigation').some((entry) => 'type' in entry && entry.type === 'reload'),
    openTab,
    isHostProven,
    // A test leaves no trace, not even in the log.
    openTestMicrophone: createMicrophoneOpener({ ...opener, log: () => {} }),
  });
  const { voice, unsavedAudio, openTurn, holdsAudio, recordingList } = services;
  // While React renders, so that the first paint already has rows.
  if (shownParts(currentLayout(), saved.log_open, 'talk').has('recordings')) void recordingList.load();
  if (info.shell === 'desktop') {
    reportTurn({ bridge, stores: [voice, unsavedAudio], phase: openTurn.phase, holdsAudio });
    answerStatusRequests({ bridge, client });
    reportTalk({ bridge, client });
  }
  const { update } = followTitleAndIcon(voice, document);
  followLanguage(settings, document, update);
  watchPageEnd(window, {
    note: services.openTurn,
    holdsAudio: services.holdsAudio,
    confirmsClose: info.shell === 'tab',
    end() {
      client.dispose();
      services.dispose();
      void flush();
    },
  });
  return services;
}

// Until the settings are loaded, and for the error screen if they can't be.
applyLanguage(chooseLanguage({ languages: navigator.languages }), document);
watchForToken(window);
const rootElement = document.getElementById('root');
if (!rootElement) throw new EarshotError('no_root', 'index.html has no #root.');
const root = createRoot(rootElement);
try {
  const services = await composeServices();
  root.render(
    <StrictMode>
      <ServicesContext value={services}>
        <App />
      </ServicesContext>
    </StrictMode>,
  );
} catch (error) {
  root.render(<ErrorScreen error={error} onRetry={() => location.reload()} />);
}
