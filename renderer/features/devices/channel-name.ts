import { text } from '../../text/text.ts';

/**
 * The name of a channel.
 * @param channel from 1; 0: selected automatically
 * @param of the device's number of channels
 */
export function channelName(channel: number, of: number): string {
  const names = text.devices.channelOf;
  if (channel === 0) return names.automatic;
  if (of > 2) return names.numbered({ number: channel });
  return channel === 1 ? names.left : names.right;
}
