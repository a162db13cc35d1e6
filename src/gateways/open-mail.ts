// Which mail a shop has: a real server by SMTP_URL, else the sandbox. The library of the real one is loaded only
// where it is used: it costs a start a quarter of a second.

import type { Settings } from '../base/settings.ts';
import { type Mail, sandboxMail } from './mail.ts';

/** Letters come from `shop@` the shop's own name. */
export const openMail = async (
  { smtpUrl, publicUrl }: Pick<Settings, 'smtpUrl' | 'publicUrl'>,
  nowMs: () => number,
): Promise<Mail> => {
  if (!smtpUrl) return sandboxMail(nowMs);
  const { smtpMail } = await import('./smtp-mail.ts');
  return smtpMail({ url: smtpUrl, from: `Rialto <shop@${new URL(publicUrl).hostname}>` });
};
