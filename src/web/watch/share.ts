// Sharing a show by the device's own sheet, else by the clipboard.

import { toast } from '../design/toast.tsx';

/** Shares the page, or another address. */
export const share = async (
  title: string,
  url = location.href.split('#')[0] ?? location.href,
): Promise<void> => {
  if (navigator.share) {
    // Closing the sheet without sharing is no failure.
    await navigator.share({ title, url }).catch(() => undefined);
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    toast('The link is in your clipboard', { look: 'good' });
  } catch {
    toast(url);
  }
};
