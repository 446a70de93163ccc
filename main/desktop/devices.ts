import { app, type Session } from 'electron';

// Electron's security checklist, item 5, for things that a user picks in a chooser: a screen to share, a device to
// open. Earshot has no choosers and denies all of them. Most of this is Electron's default, stated in case the defaults
// change.

/** Denies every request for a screen or a device. Call before the first window opens. */
export function setupDevices(session: Session): void {
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose(null);
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.on('select-bluetooth-device', (event, _devices, choose) => {
      // Without this Electron would pick the first device in range.
      event.preventDefault();
      choose('');
    });
  });
}
