import { useEffect, useMemo, useRef, useState } from 'react';
import './app.css';
import { VoicePanel } from './features/connection/voice-panel.tsx';
import { HealthButton } from './features/health/health-button.tsx';
import { HealthDialog } from './features/health/health-dialog.tsx';
import { HostRestarted } from './features/host-restarted/host-restarted.tsx';
import { LogPanel } from './features/log-panel/log-panel.tsx';
import { RecordingsView } from './features/recordings/recordings-view.tsx';
import { SettingsDialog } from './features/settings/settings-dialog.tsx';
import { SettingsFileNote } from './features/settings/settings-file-note.tsx';
import { useTheme } from './features/settings/use-theme.ts';
import { UpdateNote } from './features/updates/update-note.tsx';
import { LogButton } from './features/window-parts/log-button.tsx';
import { PartTabs } from './features/window-parts/part-tabs.tsx';
import { type Part, shownParts, useLayout } from './features/window-parts/use-layout.ts';
import { useWindowKeys } from './features/window-parts/use-window-keys.ts';
import { useLanguage, useServices, useSessions, useSettings, useVoice } from './state/services.ts';
import './ui/base.css';
import { IconButton } from './ui/button.tsx';
import { Icon } from './ui/icons.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';
import './ui/tokens.css';
// Bundled, so that the window looks the same on every system. Other scripts use the system's fonts.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { text } from './text/text.ts';
import { useHeldEnter } from './ui/use-held-enter.ts';

/** The whole window: a bar, and below it talk, recordings and log, as many of them as there is room for. */
export function App() {
  const { openWindow, settings } = useServices();
  const view = useVoice((state) => state.view);
  const logOpen = useSettings((state) => state.settings.log_open);
  const [healthOpen, setHealthOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [tab, setTab] = useState<Part>('talk');
  const mic = useRef<HTMLButtonElement>(null);
  const layout = useLayout();
  const shown = shownParts(layout, logOpen, tab);
  const narrow = layout === 'narrow';
  const showLog = (log_open: boolean) => void settings.change({ log_open });
  const search = useRef<HTMLInputElement>(null);
  /** Counts the presses of the search key: the part must be visible before its field takes the focus. */
  const [searches, setSearches] = useState(0);
  useEffect(() => {
    if (searches > 0) search.current?.focus();
  }, [searches]);
  const keys = useMemo(
    () => ({
      key_log: () => {
        if (narrow) setTab((before) => (before === 'log' ? 'talk' : 'log'));
        else void settings.change({ log_open: !settings.getState().settings.log_open });
      },
      // Browsers that reserve Ctrl+N open a window of their own instead.
      key_new_window: () => void openWindow(),
      key_search: () => {
        setTab('recordings');
        setSearches((count) => count + 1);
      },
    }),
    [narrow, openWindow, settings],
  );
  const firstStepsDone = useSettings((state) => state.settings.first_steps_done);
  // The settings and the menu show them again: they stand in the talk part.
  useEffect(() => {
    if (!firstStepsDone) setTab('talk');
  }, [firstStepsDone]);
  const shows = useSessions((sessions) => sessions.getState().shows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each session that is to be shown
  useEffect(() => {
    if (shows === 0) return;
    if (narrow) setTab('log');
    else void settings.change({ log_open: true });
  }, [shows]);
  useLanguage();
  useTheme();
  useHeldEnter();
  useWindowKeys(keys);

  return (
    <TooltipProvider>
      <div className="app" data-view={view} data-layout={layout} data-log={shown.has('log')}>
        <header className="app-header">
          <h1 className="app-name">
            <Icon name="mark" size={22} /> {text.app.name}
          </h1>
          {!narrow && <LogButton open={logOpen} onClick={() => showLog(!logOpen)} />}
          <HealthButton onClick={() => setHealthOpen(true)} />
          <IconButton label={text.app.settings} data-testid="settings" onClick={() => setSettingsOpen(true)}>
            <Icon name="settings" />
          </IconButton>
        </header>
        <HostRestarted />
        <SettingsFileNote />
        <div className="app-parts">
          {/* Always mounted: the keys of the mic work in every part, and the recordings keep their search and selection. */}
          <div className="app-side" id="talk" hidden={!shown.has('talk')}>
            <div className="app-voice" data-testid="voice-side">
              <VoicePanel mic={mic} />
            </div>
            <UpdateNote mic={mic} />
          </div>
          <RecordingsView hidden={!shown.has('recordings')} searchField={search} />
          {shown.has('log') && <LogPanel {...(!narrow && { onClose: () => showLog(false) })} />}
        </div>
        {narrow && <PartTabs tab={tab} onChange={setTab} />}
        <HealthDialog open={healthOpen} onClose={() => setHealthOpen(false)} />
        <SettingsDialog open={settingsOpen} onClose={() => setSettingsOpen(false)} />
      </div>
    </TooltipProvider>
  );
}
