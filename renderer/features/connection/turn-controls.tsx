import { useServices, useVoice } from '../../state/services.ts';
import { useShortcutKeys } from '../../state/use-shortcut-keys.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import './turn-controls.css';

/** Pause and mute, while a microphone is open for a turn. */
export function TurnControls() {
  const { talk } = useServices();
  const paused = useVoice((state) => state.pausedAt !== null);
  const muted = useVoice((state) => state.muted);
  const micLive = useVoice((state) => state.micLive);
  const pauseKeys = useShortcutKeys('key_pause');
  const muteKeys = useShortcutKeys('key_mute');
  const pauseHint = paused ? text.turnControls.continueHint : text.turnControls.pauseHint;
  const muteHint = muted ? text.turnControls.unmuteHint : text.turnControls.muteHint;
  return (
    <div className="turn-controls">
      <Tooltip text={pauseHint} keys={pauseKeys.keys}>
        <Button
          data-testid="pause"
          aria-description={pauseHint}
          aria-keyshortcuts={pauseKeys.ariaKeys}
          data-paused={paused}
          disabled={!micLive}
          onClick={talk.togglePause}
        >
          <Icon name={paused ? 'record' : 'pause'} size={16} />
          {paused ? text.turnControls.continue : text.turnControls.pause}
        </Button>
      </Tooltip>
      <Tooltip text={muteHint} keys={muteKeys.keys}>
        <Button
          data-testid="mute"
          aria-description={muteHint}
          aria-keyshortcuts={muteKeys.ariaKeys}
          data-muted={muted}
          disabled={!micLive}
          onClick={talk.toggleMute}
        >
          <Icon name={muted ? 'micOff' : 'mic'} size={16} />
          {muted ? text.turnControls.unmute : text.turnControls.mute}
        </Button>
      </Tooltip>
    </div>
  );
}
