import { describeError } from '../../../shared/errors.ts';
import { buildDeb } from './build-deb.ts';
import { parseFpmArguments } from './fpm-arguments.ts';

// Replaces fpm, with which electron-builder makes a .deb: takes the same arguments and needs only dpkg-deb.

try {
  await buildDeb(parseFpmArguments(process.argv.slice(2)));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
