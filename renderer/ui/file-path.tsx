import { Fragment } from 'react';

/** The pieces of a path, each with the separator after it: where a line may end. */
export function pathPieces(path: string): string[] {
  return path.match(/[^/\\]*[/\\]+|[^/\\]+/g) ?? [];
}

/** A path in full: it takes several lines if necessary, which end after a separator. */
export function FilePath({ path }: { path: string }) {
  return pathPieces(path).map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces have no identity besides their place
    <Fragment key={at}>
      {piece}
      <wbr />
    </Fragment>
  ));
}
