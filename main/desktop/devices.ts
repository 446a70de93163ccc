import { app, type Session } from 'electron';

// Electron's security checklist, item 5, for what is chosen rather than permitted: a screen to share, a device to open.
// There is no chooser, so nothing is ever chosen. Most of it is Electron's default: stated, so that it stays.

/** Answers every question for a screen or a device with nothing. Before the first window. */
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
      // Without this the first device in reach would be taken.
      event.preventDefault();
      choose('');
    });
  });
}
