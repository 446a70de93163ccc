import type { HTMLAttributes, Ref } from 'react';

// The rows of a virtualised grid are placed by a transform, which the elements of a table don't support well. These
// are elements with the same roles (WAI-ARIA, grid pattern). The grid has the focus and points to its active row.

interface PartProps extends HTMLAttributes<HTMLDivElement> {
  ref?: Ref<HTMLDivElement> | undefined;
}

const part = (role: 'grid' | 'row' | 'gridcell' | 'rowheader') =>
  function GridPart({ children, ...rest }: PartProps) {
    return (
      <div role={role} {...rest}>
        {children}
      </div>
    );
  };

export const Grid = part('grid');
export const GridRow = part('row');
export const GridCell = part('gridcell');
export const GridRowHeader = part('rowheader');
