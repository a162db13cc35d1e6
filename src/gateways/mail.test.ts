import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sandboxMail } from './mail.ts';
import { smtpMail } from './smtp-mail.ts';

/** A small SMTP server (RFC 5321): takes letters, or answers RCPT as it is told. */
type Taken = { from: string; to: string; data: string };
let server: Server | null = null;
const sockets = new Set<Socket>();

const smtpServer = async (taken: Taken[], rcpt = '250 fine'): Promise<string> => {
  server = createServer((socket) => {
    sockets.add(socket);
    let buffer = '';
    let letter: Taken = { from: '', to: '', data: '' };
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('data', (chunk) => {
      buffer += chunk.toString();
      for (;;) {
        const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          taken.push({ ...letter, data: text });
          letter = { from: '', to: '', data: '' };
          say('250 taken');
        } else if (/^EHLO/i.test(text)) say('250 test');
        else if (/^MAIL FROM:/i.test(text)) {
          letter.from = text;
          say('250 fine');
        } else if (/^RCPT TO:/i.test(text)) {
          letter.to = text;
          say(rcpt);
        } else if (/^DATA/i.test(text)) {
          inData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(text)) {
          say('221 bye');
          socket.end();
        } else say('250 fine');
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = null;
});

const from = 'Laguna Ceramics <shop@laguna.example>';
const letter = {
  to: 'ines@example.org',
  subject: 'Grüße',
  text: 'Your order is packed.\n.\nSee you.',
  html: '<p>packed</p>',
  id: 'order7-packed',
};

describe('mail', () => {
  test('[MAIL-1] a letter reaches the server whole, with an id that a repeat would share', async () => {
    const taken: Taken[] = [];
    const mail = smtpMail({ url: await smtpServer(taken), from });
    await mail.send(letter);
    mail.close();
    expect(taken).toHaveLength(1);
    expect(taken[0]?.from).toContain('<shop@laguna.example>');
    expect(taken[0]?.to).toContain('<ines@example.org>');
    expect(taken[0]?.data).toContain('Message-ID: <order7-packed@laguna.example>');
    expect(taken[0]?.data).toMatch(/Subject: =\?UTF-8\?/);
    expect(taken[0]?.data).toContain('\r\n..\r\nSee you.');
    expect(mail.kept()).toEqual([]);
  });

  test('[REM-14] a letter that can be stopped says so to mailboxes, and a calendar’s file goes with it', async () => {
    const taken: Taken[] = [];
    const mail = smtpMail({ url: await smtpServer(taken), from });
    const unsubscribeUrl = `https://shop.example/api/reminders/stop?word=${'w'.repeat(120)}`;
    const calendar = { method: 'CANCEL', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' } as const;
    await mail.send({ ...letter, unsubscribeUrl, calendar });
    mail.close();
    const data = taken[0]?.data ?? '';
    expect(data).toContain(`List-Unsubscribe: <${unsubscribeUrl}>`);
    expect(data).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(data).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=CANCEL/);
  });

  test('[MAIL-1] a refused or unreachable letter is a fault', async () => {
    const refusing = smtpMail({ url: await smtpServer([], '550 nobody here'), from });
    await expect(refusing.send(letter)).rejects.toMatchObject({ code: 'mail-unavailable' });
    refusing.close();
    const nowhere = smtpMail({ url: 'smtp://127.0.0.1:1', from, timeoutMs: 1000 });
    await expect(nowhere.send(letter)).rejects.toMatchObject({ code: 'mail-unavailable' });
  });

  test('[MAIL-1] an address can’t carry a header of its own', async () => {
    const taken: Taken[] = [];
    const mail = smtpMail({ url: await smtpServer(taken), from });
    await mail.send({ ...letter, subject: 'Hello\r\nBcc: everybody@example.org' });
    mail.close();
    expect(taken[0]?.data).not.toMatch(/^Bcc:/m);
  });

  test('[MAIL-2] the sandbox sends nothing, keeps the last hundred and says so', async () => {
    const mail = sandboxMail(() => 1000);
    for (let i = 1; i <= 101; i += 1)
      await mail.send({ to: 'ines@example.org', subject: `Letter ${i}`, text: '' });
    expect(mail.sandbox).toBe(true);
    expect(mail.kept()).toHaveLength(100);
    expect(mail.kept()[0]).toEqual({
      to: 'ines@example.org',
      subject: 'Letter 101',
      text: '',
      atMs: 1000,
      note: 'not sent: sandbox',
    });
  });
});
