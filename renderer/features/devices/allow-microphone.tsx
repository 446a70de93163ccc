import { useStore } from 'zustand';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { useAllowMicrophone } from './use-allow-microphone.ts';
import './allow-microphone.css';

/** Says that the browser hides the names of devices, and asks for the microphone. */
export function AllowMicrophone() {
  const { access } = useServices();
  const { asking, problem } = useStore(access);
  const denied = useAllowMicrophone(problem === 'mic_denied');
  const sentence = problem === null ? '' : text.devices.problem(text.problems[problem]);
  return (
    <div className="allow-microphone">
      <p>{asking ? text.devices.asking : text.devices.namesHidden}</p>
      <Button data-testid="allow-microphone" aria-disabled={asking} onClick={() => void access.ask()}>
        {text.devices.allow}
      </Button>
      {/* Always mounted, because screen readers announce changes only. */}
      <p className="allow-microphone-problem" role="status">
        {[sentence, denied.where].filter(Boolean).join(' ')}
      </p>
      {denied.open && <Button onClick={denied.open}>{text.status.openSystemSettings}</Button>}
    </div>
  );
}
