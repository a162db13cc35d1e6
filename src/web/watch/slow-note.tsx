// Says that the picture comes by the slower way, and how late it is: a word at the edge, below the label of the host's
// stake, nothing to be alarmed by.

/** `delayMs`: how old the picture is; null while that isn't known. */
export default function SlowNote({ delayMs }: { delayMs: number | null }) {
  const seconds = delayMs === null ? null : Math.max(1, Math.round(delayMs / 1000));
  return (
    <p className="veil absolute top-[132px] left-4 z-3 animate-appear rounded-chip px-3 py-1 text-xs text-white lg:top-14">
      {seconds === null ? 'Slower picture' : `Slower picture, ${seconds} s behind`}
    </p>
  );
}
