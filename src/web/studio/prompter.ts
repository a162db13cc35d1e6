// How a prompter is set and what its keys do: size, pace, mirror. Pure; the page keeps and draws it.

export type PrompterLook = {
  /** Letters, in pixels. */
  readonly size: number;
  /** Pixels a second that the text rises; 0: it stands. */
  readonly pace: number;
  /** For a pane of glass before the camera. */
  readonly mirrored: boolean;
  readonly running: boolean;
};

export const prompterStart: PrompterLook = { size: 56, pace: 40, mirrored: false, running: false };

const sizes = { min: 24, max: 160, step: 8 };
const paces = { min: 10, max: 200, step: 10 };
const within = (value: number, { min, max }: { min: number; max: number }): number =>
  Math.min(max, Math.max(min, value));

export type PrompterWish =
  | 'larger'
  | 'smaller'
  | 'faster'
  | 'slower'
  | 'mirror'
  | 'run'
  | 'whole-screen'
  | 'top';

/** What a key of the prompter's window means; null: nothing. */
export const prompterWish = (key: string): PrompterWish | null => {
  switch (key.toLowerCase()) {
    case '+':
    case '=':
      return 'larger';
    case '-':
      return 'smaller';
    case 'arrowright':
      return 'faster';
    case 'arrowleft':
      return 'slower';
    case 'm':
      return 'mirror';
    case ' ':
      return 'run';
    case 'f':
      return 'whole-screen';
    case 'home':
      return 'top';
    default:
      return null;
  }
};

export const withWish = (look: PrompterLook, wish: PrompterWish): PrompterLook => {
  switch (wish) {
    case 'larger':
      return { ...look, size: within(look.size + sizes.step, sizes) };
    case 'smaller':
      return { ...look, size: within(look.size - sizes.step, sizes) };
    case 'faster':
      return { ...look, pace: within(look.pace + paces.step, paces) };
    case 'slower':
      return { ...look, pace: within(look.pace - paces.step, paces) };
    case 'mirror':
      return { ...look, mirrored: !look.mirrored };
    case 'run':
      return { ...look, running: !look.running };
    default:
      return look;
  }
};

/** A look that was kept as text; what can't be read is the start's. It never begins running. */
export const lookFrom = (text: string | null): PrompterLook => {
  try {
    const kept: unknown = JSON.parse(text ?? 'null');
    if (typeof kept !== 'object' || kept === null) return prompterStart;
    const { size, pace, mirrored } = kept as Partial<Record<keyof PrompterLook, unknown>>;
    return {
      size: typeof size === 'number' ? within(size, sizes) : prompterStart.size,
      pace: typeof pace === 'number' ? within(pace, paces) : prompterStart.pace,
      mirrored: mirrored === true,
      running: false,
    };
  } catch {
    return prompterStart;
  }
};
