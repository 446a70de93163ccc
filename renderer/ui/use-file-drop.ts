import { type RefObject, useEffect, useRef, useState } from 'react';

/** Files that were dropped, without the folders among them. */
export interface DroppedFiles {
  files: File[];
  /** Names of dropped folders, which are not read. */
  folders: string[];
}

/** Names of the files that this window is dragging out: a drop of them here imports nothing. */
const ownFiles = new Set<string>();

/** The parts of the window that take files. */
const parts = new Set<RefObject<HTMLElement | null>>();
const isOver = (part: RefObject<HTMLElement | null>, { target }: DragEvent) =>
  target instanceof Node && part.current?.contains(target) === true;

/** Remembers the files of a drag that begins in this window, until the pointer moves over it again. */
export function noteOwnDrag(names: readonly string[]): void {
  ownFiles.clear();
  for (const name of names) ownFiles.add(name);
  // During a drag of the system the page gets no pointer events.
  window.addEventListener('pointermove', () => ownFiles.clear(), { once: true });
}

/**
 * Takes files that are dragged into the window and dropped on a part of it. A drop elsewhere does nothing: a browser would
 * leave the page and show the file.
 * @returns whether files are being dragged over the window
 */
export function useFileDrop(part: RefObject<HTMLElement | null>, onDrop: (dropped: DroppedFiles) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => {
    /** Elements that the drag is over: entering a child comes before leaving its parent. */
    let depth = 0;
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
    const isOwn = () => ownFiles.size > 0;
    // Each part sees the drag: what is over another one is not refused.
    const isOverPart = (event: DragEvent) => [...parts].some((each) => isOver(each, event));
    function onEnter(event: DragEvent): void {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      if (!isOwn()) setDragging(true);
    }
    function onOver(event: DragEvent): void {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isOwn() || !isOverPart(event) ? 'none' : 'copy';
    }
    function onLeave(event: DragEvent): void {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging(false);
    }
    function onDropped(event: DragEvent): void {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      depth = 0;
      setDragging(false);
      const dropped = filesOf(event.dataTransfer);
      const own = dropped.files.every(({ name }) => ownFiles.has(name)) && isOwn();
      // After the other parts have seen the drop.
      setTimeout(() => ownFiles.clear());
      if (!own && isOver(part, event)) drop.current(dropped);
    }
    parts.add(part);
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDropped);
    return () => {
      parts.delete(part);
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDropped);
    };
  }, [part]);
  return dragging;
}

function filesOf(transfer: DataTransfer): DroppedFiles {
  const dropped: DroppedFiles = { files: [], folders: [] };
  for (const item of transfer.items) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file === null) continue;
    if (item.webkitGetAsEntry()?.isDirectory) dropped.folders.push(file.name);
    else dropped.files.push(file);
  }
  return dropped;
}
