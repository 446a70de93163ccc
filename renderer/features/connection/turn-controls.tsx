import { acceleratorText, ariaKeys } from '../../state/accelerator.ts';
import { useServices, useSettings, useVoice } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import './turn-controls.css';

/** Pause and mute, while a microphone is open for a turn. */
export function TurnControls() {
  const { talk } = useServices();
  const paused = useVoice((state) => state.pausedAt !== null);
  const muted = useVoice((state) => state.muted);
  const micLive = useVoice((state) => state.micLive);
  const pauseKeys = useSettings((state) => state.settings.key_pause);
  const muteKeys = useSettings((state) => state.settings.key_mute);
  const platform = useSettings((state) => state.info.platform);
  const hint = (label: string, keys: string) => (keys === '' ? label : `${label} (${acceleratorText(keys, platform)})`);
  return (
    <div className="turn-controls">
      <Button
        data-testid="pause"
        aria-keyshortcuts={ariaKeys(pauseKeys, platform)}
        data-paused={paused}
        disabled={!micLive}
        title={hint(paused ? text.turnControls.continueHint : text.turnControls.pauseHint, pauseKeys)}
        onClick={talk.togglePause}
      >
        <Icon name={paused ? 'record' : 'pause'} size={16} />
        {paused ? text.turnControls.continue : text.turnControls.pause}
      </Button>
      <Button
        data-testid="mute"
        aria-keyshortcuts={ariaKeys(muteKeys, platform)}
        aria-pressed={muted}
        disabled={!micLive}
        title={hint(muted ? text.turnControls.unmuteHint : text.turnControls.muteHint, muteKeys)}
        onClick={talk.toggleMute}
      >
        <Icon name={muted ? 'micOff' : 'mic'} size={16} />
        {muted ? text.turnControls.unmute : text.turnControls.mute}
      </Button>
    </div>
  );
}
