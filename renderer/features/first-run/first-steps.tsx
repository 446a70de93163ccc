import { type RefObject, useEffect } from 'react';
import { acceleratorText } from '../../state/accelerator.ts';
import { useMicrophones, useRecordingsFolder, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FilePath } from '../../ui/file-path.tsx';
import { Icon } from '../../ui/icons.tsx';
import { AllowMicrophone } from '../devices/allow-microphone.tsx';
import { MicTest } from '../devices/mic-test.tsx';
import './first-steps.css';

/**
 * What a new user should know, below the mic button, which works all the while. Shown until it was finished or skipped
 * once, or the first turn has begun.
 */
export function FirstSteps({ mic }: { mic: RefObject<HTMLButtonElement | null> }) {
  const { settings, recordingsFolder } = useServices();
  const done = useSettings((state) => state.settings.first_steps_done);
  const { info } = settings.getState();
  const talk = useSettings((state) => state.settings.key_talk);
  const shortcut = useSettings((state) => state.settings.shortcut);
  const list = useMicrophones((state) => state.microphones);
  const folder = useRecordingsFolder((state) => state.folder?.path ?? '');
  useEffect(() => {
    if (!done) void recordingsFolder.load();
  }, [done, recordingsFolder]);
  if (done) return null;
  const finish = () => {
    void settings.change({ first_steps_done: true });
    mic.current?.focus();
  };
  const keys = (accelerator: string) => acceleratorText(accelerator, info.platform);
  return (
    <section className="first-steps" aria-labelledby="first-steps-title" data-testid="first-steps">
      <header className="first-steps-head">
        <h2 id="first-steps-title">{text.firstSteps.title}</h2>
        <IconButton label={text.firstSteps.skip} data-testid="first-steps-skip" onClick={finish}>
          <Icon name="close" size={16} />
        </IconButton>
      </header>
      <p>{text.firstSteps.what}</p>
      <dl>
        <dt>{text.firstSteps.folder}</dt>
        <dd>
          <code>{folder ? <FilePath path={folder} /> : text.common.none}</code>
        </dd>
        {talk !== '' && (
          <>
            <dt>{text.firstSteps.keys}</dt>
            <dd>
              {text.firstSteps.talkKey({ keys: keys(talk) })}
              {shortcut !== '' && ` ${text.firstSteps.shortcut({ keys: keys(shortcut) })}`}
            </dd>
          </>
        )}
      </dl>
      {list !== null && !list.readable ? <AllowMicrophone /> : <MicTest />}
      <div className="first-steps-foot">
        <Button kind="primary" data-testid="first-steps-start" onClick={finish}>
          {text.firstSteps.start}
        </Button>
        <p>{text.firstSteps.again}</p>
      </div>
    </section>
  );
}
