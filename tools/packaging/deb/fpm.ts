import { describeError } from '../../../shared/errors.ts';
import { buildDeb } from './build-deb.ts';
import { parseFpmArguments } from './fpm-arguments.ts';

// In the place of fpm, by which electron-builder makes a .deb: takes the same command line, needs only dpkg-deb.

try {
  await buildDeb(parseFpmArguments(process.argv.slice(2)));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
