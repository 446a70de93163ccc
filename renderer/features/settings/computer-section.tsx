import { useEffect } from 'react';
import type { DesktopState } from '../../../shared/desktop.ts';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Failure } from '../../ui/notice.tsx';
import { Switch } from '../../ui/switch.tsx';
import { UpdatesField } from './updates-field.tsx';

/** Settings of the desktop app; empty in a browser tab. */
export function ComputerSection() {
  const store = useServices().desktop;
  const { desktop, error } = useDesktop((state) => state);
  // The user may have changed start at login in the system's settings.
  useEffect(() => {
    const load = () => void store.load();
    load();
    window.addEventListener('focus', load);
    return () => window.removeEventListener('focus', load);
  }, [store]);
  if (desktop === null && error === null) return null;
  return (
    <section className="settings-section" aria-labelledby="on-this-computer" data-testid="on-this-computer">
      <h3 id="on-this-computer">{text.settings.computer.title}</h3>
      {error !== null && <Failure sentence={error} onRetry={store.load} />}
      {desktop !== null && (
        <>
          <LoginField login={desktop.login} />
          <NotificationsField />
          <UpdatesField whyNot={desktop.why_no_updates} />
        </>
      )}
    </section>
  );
}

function LoginField({ login }: Pick<DesktopState, 'login'>) {
  const { settings } = useServices();
  const enabled = useSettings((state) => state.settings.start_at_login);
  if (login === 'unsupported') {
    return (
      <div className="field" data-testid="no-login">
        <p className="field-name">{text.settings.login.label}</p>
        <p className="field-hint">{text.settings.login.unsupported}</p>
      </div>
    );
  }
  return (
    <Switch
      label={text.settings.login.label}
      hint={loginHint(enabled, login === 'on')}
      checked={enabled}
      onChange={(start_at_login) => settings.change({ start_at_login })}
    />
  );
}

/** The switch shows the user's choice. The hint says when the system's setting differs. */
function loginHint(enabled: boolean, on: boolean): string {
  if (enabled === on) return text.settings.login.hint;
  return on ? text.settings.login.onInSystem : text.settings.login.offInSystem;
}

function NotificationsField() {
  const { settings } = useServices();
  const enabled = useSettings((state) => state.settings.notifications);
  return (
    <Switch
      label={text.settings.notifications.label}
      hint={text.settings.notifications.hint}
      checked={enabled}
      onChange={(notifications) => settings.change({ notifications })}
    />
  );
}
