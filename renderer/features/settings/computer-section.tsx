import { useEffect } from 'react';
import type { DesktopState } from '../../../shared/desktop.ts';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { Failure } from '../../ui/notice.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ShortcutField } from './shortcut-field.tsx';
import { UpdatesField } from './updates-field.tsx';

/** What only the desktop app has; in a tab there is nothing of it. */
export function ComputerSection() {
  const store = useServices().desktop;
  const { desktop, error } = useDesktop((state) => state);
  // The start at login is changed in the system's own settings too: from there a person comes back to this window.
  useEffect(() => {
    const load = () => void store.load();
    load();
    window.addEventListener('focus', load);
    return () => window.removeEventListener('focus', load);
  }, [store]);
  if (desktop === null && error === null) return null;
  return (
    <section className="settings-section" aria-labelledby="on-this-computer" data-testid="on-this-computer">
      <h3 id="on-this-computer">On this computer</h3>
      {error !== null && <Failure sentence={error} onRetry={store.load} />}
      {desktop !== null && (
        <>
          <ShortcutField />
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
  const wanted = useSettings((state) => state.settings.start_at_login);
  if (login === 'unsupported') {
    return (
      <div className="field" data-testid="no-login">
        <p className="field-name">Start at login</p>
        <p className="field-hint">Only an installed Earshot can do this.</p>
      </div>
    );
  }
  return (
    <Switch
      label="Start at login"
      hint={loginHint(wanted, login === 'on')}
      checked={wanted}
      onChange={(start_at_login) => settings.change({ start_at_login })}
    />
  );
}

/** The switch is the wish; what the system says is not overruled, and told where it differs. */
function loginHint(wanted: boolean, on: boolean): string {
  if (wanted === on) return 'Opens Earshot when you log in.';
  if (on) return 'The system starts Earshot at login. Switch it off in the system’s settings, or on and off here.';
  return 'The system does not start Earshot at login. Switch it on in the system’s settings, or off and on here.';
}

function NotificationsField() {
  const { settings } = useServices();
  const wanted = useSettings((state) => state.settings.notifications);
  return (
    <Switch
      label="Notifications"
      hint="When a recording is saved or fails while no window is in sight."
      checked={wanted}
      onChange={(notifications) => settings.change({ notifications })}
    />
  );
}
