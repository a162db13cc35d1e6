// Whether captions are shown: the viewer's own choice, remembered on this device. Rules: docs/rules/captions.md (CAP-4).

const place = 'rialto.captions';

const remembered = (): boolean => {
  try {
    return localStorage.getItem(place) === 'on';
  } catch {
    return false;
  }
};

let isOn = remembered();
const listeners = new Set<() => void>();

export const captionsChoice = {
  isOn: (): boolean => isOn,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  set(on: boolean): void {
    isOn = on;
    try {
      localStorage.setItem(place, on ? 'on' : 'off');
    } catch {
      // A private window may refuse: then it holds for this page.
    }
    for (const listener of listeners) listener();
  },
};
