import { expect, it } from 'vitest';
import { PulseCount } from './pulse.ts';

it('[PUB-13] counts the messages of the last minute, however many came before', () => {
  const pulse = new PulseCount();
  for (let second = 0; second < 300; second += 1) pulse.addMessage(second * 1_000);
  expect(pulse.at(299_999, 3)).toMatchObject({ messages: 300, messagesPerMinute: 60, viewers: 3 });
  expect(pulse.at(329_999, 1)).toMatchObject({ messagesPerMinute: 30, viewersPeak: 3 });
  expect(pulse.at(10 ** 9, 0).messagesPerMinute).toBe(0);
});

it('[PUB-13] adds sales up in each currency, and a buyer once', () => {
  const pulse = new PulseCount();
  pulse.addSale(2, { minor: 500, currency: 'EUR' });
  pulse.addSale(1, { minor: 250, currency: 'EUR' });
  pulse.addSale(1, { minor: 900, currency: 'JPY' });
  pulse.addBuyer('ines');
  pulse.addBuyer('ines');
  expect(pulse.at(0, 0)).toMatchObject({
    soldUnits: 4,
    buyers: 1,
    sales: [
      { minor: 750, currency: 'EUR' },
      { minor: 900, currency: 'JPY' },
    ],
  });
});
