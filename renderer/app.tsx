import { useRef, useState } from 'react';
import './app.css';
import { VoicePanel } from './features/connection/voice-panel.tsx';
import { HealthButton } from './features/health/health-button.tsx';
import { HealthDialog } from './features/health/health-dialog.tsx';
import { HostRestarted } from './features/host-restarted/host-restarted.tsx';
import { LogPanel } from './features/log-panel/log-panel.tsx';
import { SettingsDialog } from './features/settings/settings-dialog.tsx';
import { useTheme } from './features/settings/use-theme.ts';
import { UpdateNote } from './features/updates/update-note.tsx';
import { useServices, useVoice } from './state/services.ts';
import './ui/base.css';
import { IconButton } from './ui/button.tsx';
import { Icon } from './ui/icons.tsx';
import './ui/tokens.css';
import { text } from './text/en.ts';
import { useHeldEnter } from './ui/use-held-enter.ts';
import { useShortcut } from './ui/use-shortcut.ts';

/** The whole window: voice and recordings on the left, the log on the right. */
export function App() {
  const { openWindow } = useServices();
  const view = useVoice((state) => state.view);
  const [healthOpen, setHealthOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const mic = useRef<HTMLButtonElement>(null);
  useTheme();
  useHeldEnter();
  // Browsers that reserve Ctrl+N open a window of their own instead.
  useShortcut('n', openWindow);

  return (
    <div className="app" data-view={view}>
      <div className="app-side">
        <header className="app-header">
          <h1 className="app-name">
            <Icon name="mark" size={22} /> {text.app.name}
          </h1>
          <HealthButton onClick={() => setHealthOpen(true)} />
          <IconButton label={text.app.newWindow} data-testid="new-window" onClick={openWindow}>
            <Icon name="newWindow" />
          </IconButton>
          <IconButton label={text.app.settings} data-testid="settings" onClick={() => setSettingsOpen(true)}>
            <Icon name="settings" />
          </IconButton>
        </header>
        <HostRestarted />
        <div className="app-voice" data-testid="voice-side">
          <VoicePanel mic={mic} />
        </div>
        <UpdateNote mic={mic} />
      </div>
      <LogPanel />
      <HealthDialog open={healthOpen} onClose={() => setHealthOpen(false)} />
      <SettingsDialog open={settingsOpen} onClose={() => setSettingsOpen(false)} />
    </div>
  );
}
