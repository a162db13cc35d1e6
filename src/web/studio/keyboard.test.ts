import { describe, expect, it } from 'vitest';
import { type FocusKind, focusKind, type Press, wishOf } from './keyboard.ts';

const press = (key: string, over: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  alt: false,
  meta: false,
  repeat: false,
  target: 'page',
  covered: false,
  ...over,
});

describe('the studio’s keys', () => {
  it('fire the next step, pin, offer, lot, drop and microphone', () => {
    expect(wishOf(press(' '))).toEqual({ wish: 'next-segment' });
    expect(wishOf(press('1'))).toEqual({ wish: 'pin', index: 0 });
    expect(wishOf(press('9'))).toEqual({ wish: 'pin', index: 8 });
    expect(wishOf(press('0'))).toEqual({ wish: 'unpin' });
    expect(wishOf(press('O'))).toEqual({ wish: 'open-offer' });
    expect(wishOf(press('L'))).toEqual({ wish: 'open-lot' });
    expect(wishOf(press('a'))).toEqual({ wish: 'prepare-lot' });
    expect(wishOf(press('D'))).toEqual({ wish: 'open-drop' });
    expect(wishOf(press('g'))).toEqual({ wish: 'announce-drop' });
    expect(wishOf(press('m'))).toEqual({ wish: 'mute' });
    expect(wishOf(press('?'))).toEqual({ wish: 'help' });
    expect(wishOf(press('x'))).toBeNull();
    expect(wishOf(press('Enter'))).toBeNull();
  });

  it('mean nothing while typing', () => {
    for (const key of [' ', '1', 'o', 'l', 'a', 'd', 'g', 'm', '?', 'c']) {
      expect(wishOf(press(key, { target: 'text' }))).toBeNull();
    }
  });

  it('leave Space to a focused button, but not the letters', () => {
    expect(wishOf(press(' ', { target: 'control' }))).toBeNull();
    expect(wishOf(press('m', { target: 'control' }))).toEqual({ wish: 'mute' });
  });

  it('leave the browser’s own shortcuts, held keys and open dialogs alone', () => {
    expect(wishOf(press('1', { ctrl: true }))).toBeNull();
    expect(wishOf(press('o', { meta: true }))).toBeNull();
    expect(wishOf(press('m', { alt: true }))).toBeNull();
    expect(wishOf(press(' ', { repeat: true }))).toBeNull();
    expect(wishOf(press('o', { covered: true }))).toBeNull();
  });
});

describe('what has the focus', () => {
  const target = (tagName: string, type?: string, inside: string[] = []) => ({
    tagName,
    ...(type === undefined ? {} : { type }),
    closest: (selector: string) => inside.some((part) => selector.includes(part)) || null,
  });

  it.each<[ReturnType<typeof target> | null, FocusKind]>([
    [null, 'page'],
    [target('BODY'), 'page'],
    [target('INPUT'), 'text'],
    [target('INPUT', 'number'), 'text'],
    [target('INPUT', 'checkbox'), 'control'],
    [target('TEXTAREA'), 'text'],
    [target('SELECT'), 'text'],
    [target('BUTTON', 'button', ['button']), 'control'],
    [target('SPAN', undefined, ['[role="tab"]']), 'control'],
    [target('DIV', undefined, ['[role="combobox"]']), 'text'],
  ])('%o is %s', (given, kind) => {
    expect(focusKind(given)).toBe(kind);
  });

  it('a text that is edited in place is text', () => {
    expect(focusKind({ ...target('DIV'), isContentEditable: true })).toBe('text');
  });
});
