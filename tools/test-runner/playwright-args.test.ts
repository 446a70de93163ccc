import { expect, test } from 'vitest';
import { projectsOf } from './playwright-args.ts';

test.each([
  [['--project', 'electron', 'press'], ['electron']],
  [['--project=tab', '--reporter=list,json'], ['tab']],
  [
    ['--project=tab', '--project=electron'],
    ['tab', 'electron'],
  ],
  [
    ['press.spec.ts', '--reporter=list'],
    ['tab', 'electron', 'package'],
  ],
  [['--project=package'], ['package']],
  [[], ['tab', 'electron', 'package']],
])('%j runs %j', (args, projects) => {
  expect(projectsOf(args)).toEqual(projects);
});
