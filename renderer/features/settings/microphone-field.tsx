import { useEffect, useId, useState } from 'react';
import { useServices, useSettings } from '../../state/services.ts';

interface Microphone {
  id: string;
  name: string;
}

/** The machine's microphones, renewed as they come and go. Without permission the browser hides ids and names. */
function useMicrophones(): { microphones: readonly Microphone[]; hidden: boolean } {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Absent where the page is not a secure context.
    const source: MediaDevices | undefined = navigator.mediaDevices;
    if (!source) return;
    let wanted = true;
    const read = async () => {
      const all = await source.enumerateDevices().catch(() => []);
      if (wanted) setDevices(all.filter((device) => device.kind === 'audioinput'));
    };
    void read();
    source.addEventListener('devicechange', read);
    return () => {
      wanted = false;
      source.removeEventListener('devicechange', read);
    };
  }, []);
  const named = devices.filter((device) => device.deviceId !== '' && device.deviceId !== 'default');
  return {
    microphones: named.map((device, i) => ({ id: device.deviceId, name: device.label || `Microphone ${i + 1}` })),
    hidden: devices.length > 0 && devices.every((device) => device.label === ''),
  };
}

export function MicrophoneField() {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.microphone_id);
  const { microphones, hidden } = useMicrophones();
  const id = useId();
  const missing = chosen !== '' && !microphones.some((microphone) => microphone.id === chosen);
  return (
    <div className="field">
      <label htmlFor={id}>Microphone</label>
      <select
        id={id}
        className="input select"
        value={chosen}
        aria-describedby={`${id}-hint`}
        onChange={(event) => settings.change({ microphone_id: event.target.value })}
      >
        <option value="">System default</option>
        {microphones.map((microphone) => (
          <option key={microphone.id} value={microphone.id}>
            {microphone.name}
          </option>
        ))}
        {missing && <option value={chosen}>Chosen earlier, not seen now</option>}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        {hidden
          ? 'Names appear here once you have allowed the microphone: press the mic button.'
          : 'A change counts from the next press.'}
      </p>
    </div>
  );
}
