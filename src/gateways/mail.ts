// Sending mail: the interface, and the sandbox that ships as the default and sends nothing. The real one
// is smtp-mail.ts. What a mail says is written by whoever sends it; that it is sent once is the policy's
// business, as SMTP can't be asked whether it already has a message.

export type Letter = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Stands in `Message-ID`, so that a mailbox can drop a repeated letter. */
  readonly id?: string;
  /** Where one press ends letters like this one (RFC 8058): an https address that takes a POST. */
  readonly unsubscribeUrl?: string;
  /** A calendar's file (RFC 5545) that mailboxes offer to enter. */
  readonly calendar?: { readonly method: 'PUBLISH' | 'CANCEL'; readonly content: string };
};

/** A letter that the sandbox kept instead of sending. */
export type KeptLetter = Letter & { readonly atMs: number; readonly note: 'not sent: sandbox' };

/** `send` resolves once the next server has taken the letter; else it throws `mail-unavailable`. */
export interface Mail {
  /** True when nothing is really sent; must be said wherever a person waits for a letter. */
  readonly sandbox: boolean;
  send(letter: Letter): Promise<void>;
  /** Newest first; empty where letters are really sent. */
  kept(): readonly KeptLetter[];
}

const keptMax = 100;

/** Keeps the last 100 letters in memory for the office to show, and sends none. */
export const sandboxMail = (nowMs: () => number): Mail => {
  const letters: KeptLetter[] = [];
  return {
    sandbox: true,
    async send(letter) {
      letters.unshift({ ...letter, atMs: nowMs(), note: 'not sent: sandbox' });
      letters.length = Math.min(letters.length, keptMax);
    },
    kept: () => [...letters],
  };
};
