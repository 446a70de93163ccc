import { describeError } from '../../../shared/errors.ts';
import { buildDeb } from './build-deb.ts';
import { parseFpmArguments } from './fpm-arguments.ts';

// Replaces fpm, which electron-builder uses to make a .deb. It takes the same arguments and needs only dpkg-deb.

try {
  await buildDeb(parseFpmArguments(process.argv.slice(2)));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
