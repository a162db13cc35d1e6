// The studio's keys: which press means which wish. A press that belongs to something else (typing, a
// dialog, a focused button, the browser's own shortcuts) means nothing here, so that a host who writes
// "open 3" in the chat opens nothing.

export type StudioWish =
  | { readonly wish: 'next-segment' }
  | { readonly wish: 'pin'; readonly index: number }
  | { readonly wish: 'unpin' }
  | { readonly wish: 'open-offer' }
  | { readonly wish: 'open-lot' }
  | { readonly wish: 'prepare-lot' }
  | { readonly wish: 'open-drop' }
  | { readonly wish: 'announce-drop' }
  | { readonly wish: 'prompter' }
  | { readonly wish: 'mute' }
  | { readonly wish: 'chat' }
  | { readonly wish: 'help' };

/** What a key press is, without the browser's event: `target` is what had the focus. */
export type Press = {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  /** A key that is held down fires once. */
  readonly repeat: boolean;
  readonly target: FocusKind;
  /** A dialog or menu is open: its keys are its own. */
  readonly covered: boolean;
};

/** `text` takes letters; `control` takes Space and Enter (a button, a link, a box to tick); else `page`. */
export type FocusKind = 'text' | 'control' | 'page';

export const wishOf = (press: Press): StudioWish | null => {
  if (press.ctrl || press.alt || press.meta || press.repeat || press.covered) return null;
  if (press.target === 'text') return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (key === ' ') return press.target === 'control' ? null : { wish: 'next-segment' };
  if (/^[1-9]$/.test(key)) return { wish: 'pin', index: Number(key) - 1 };
  switch (key) {
    case '0':
      return { wish: 'unpin' };
    case 'o':
      return { wish: 'open-offer' };
    case 'l':
      return { wish: 'open-lot' };
    case 'a':
      return { wish: 'prepare-lot' };
    case 'd':
      return { wish: 'open-drop' };
    case 'g':
      return { wish: 'announce-drop' };
    case 'p':
      return { wish: 'prompter' };
    case 'm':
      return { wish: 'mute' };
    case 'c':
      return { wish: 'chat' };
    case '?':
      return { wish: 'help' };
    default:
      return null;
  }
};

/** Inputs that take no letters: keys stay the studio's while one of them has the focus. */
const notTyping = new Set([
  'button',
  'checkbox',
  'radio',
  'range',
  'color',
  'file',
  'submit',
  'reset',
  'image',
]);

type FocusTarget = {
  readonly tagName: string;
  readonly type?: string;
  readonly isContentEditable?: boolean;
  closest(selector: string): unknown;
};

/** What kind of thing has the focus. */
export const focusKind = (target: FocusTarget | null): FocusKind => {
  if (target === null) return 'page';
  const tag = target.tagName.toLowerCase();
  if (target.isContentEditable || tag === 'textarea' || tag === 'select') return 'text';
  if (tag === 'input') return notTyping.has(target.type ?? 'text') ? 'control' : 'text';
  if (
    target.closest(
      '[role="textbox"],[role="combobox"],[role="listbox"],[role="menu"],[role="slider"]',
    )
  )
    return 'text';
  if (
    target.closest(
      'button,a[href],summary,[role="button"],[role="tab"],[role="switch"],[role="checkbox"]',
    )
  ) {
    return 'control';
  }
  return 'page';
};

/** The list behind "?". */
export const studioKeys: readonly (readonly [key: string, meaning: string])[] = [
  ['Space', 'Enter the next segment'],
  ['1 – 9', 'Pin a product of the shelf'],
  ['0', 'Take the pin off'],
  ['O', 'Prepare a live offer'],
  ['L', 'Open the next prepared lot'],
  ['A', 'Prepare a lot for auction'],
  ['D', 'Open the next drop or giveaway'],
  ['G', 'Announce a drop or giveaway'],
  ['P', 'Open the prompter in its own window'],
  ['M', 'Microphone off or on'],
  ['C', 'Write in the chat'],
  ['Esc', 'Leave a field or close what is open'],
  ['?', 'This list'],
];
