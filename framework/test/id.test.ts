// SPDX-License-Identifier: BSD-3-Clause
import {
  apiId,
  apiIndex,
  elementId,
  elementIndex,
  eventId,
  eventIndex,
  formatId,
  ID_LIMIT,
  INVALID_ID,
  isApiId,
  isElementId,
  isEntityId,
  isEventId,
  isModuleId,
  isNoneId,
  isNotificationId,
  isSubElementId,
  moduleId,
  moduleIndex,
  NONE_ID,
  notificationId,
  notificationIndex,
  subElementId,
  subElementIndex,
} from '@scp/framework';

const PREDICATES = {
  none: isNoneId,
  module: isModuleId,
  element: isElementId,
  'sub-element': isSubElementId,
  api: isApiId,
  event: isEventId,
  notification: isNotificationId,
};

/** The kinds that a word is of, by the predicates. */
const kindsOf = (word: number): string[] =>
  Object.entries(PREDICATES)
    .filter(([, is]) => is(word))
    .map(([kind]) => kind);

describe('identifier layout', () => {
  const rows: [kind: string, id: number, word: number, text: string][] = [
    ['none', NONE_ID, 0x0000_0001, '[NON 0]'],
    ['module', moduleId(0), 0x0000_0002, '[MOD 0]'],
    ['module', moduleId(3), 0x0000_0032, '[MOD 3]'],
    ['module', moduleId(255), 0x0000_0ff2, '[MOD 255]'],
    ['element', elementId(0, 0), 0x0000_0003, '[ELM 0:0]'],
    ['element', elementId(3, 5), 0x0000_5033, '[ELM 3:5]'],
    ['element', elementId(255, 4095), 0x00ff_fff3, '[ELM 255:4095]'],
    ['sub-element', subElementId(0, 0, 0), 0x0000_0004, '[SUB 0:0:0]'],
    ['sub-element', subElementId(3, 5, 1), 0x0100_5034, '[SUB 3:5:1]'],
    ['sub-element', subElementId(255, 4095, 255), 0xffff_fff4, '[SUB 255:4095:255]'],
    ['api', apiId(0, 0), 0x0000_0005, '[API 0:0]'],
    ['api', apiId(3, 1), 0x0000_1035, '[API 3:1]'],
    ['api', apiId(255, 15), 0x0000_fff5, '[API 255:15]'],
    ['event', eventId(0, 0), 0x0000_0006, '[EVT 0:0]'],
    ['event', eventId(3, 2), 0x0000_2036, '[EVT 3:2]'],
    ['event', eventId(255, 63), 0x0003_fff6, '[EVT 255:63]'],
    ['notification', notificationId(0, 0), 0x0000_0007, '[NOT 0:0]'],
    ['notification', notificationId(3, 1), 0x0000_1037, '[NOT 3:1]'],
    ['notification', notificationId(255, 63), 0x0003_fff7, '[NOT 255:63]'],
  ];

  it.each(rows)('%s %#: word, kind and printed form', (kind, id, word, text) => {
    expect(id).toBe(word);
    expect(kindsOf(id)).toEqual([kind]);
    expect(isEntityId(id)).toBe(['module', 'element', 'sub-element'].includes(kind));
    expect(formatId(id)).toBe(text);
    // SCP-firmware's buffer for a printed identifier has 20 characters with its terminator.
    expect(text.length).toBeLessThan(20);
  });

  it('gives back every index at its least and greatest value', () => {
    for (const module of [0, 255]) {
      expect(moduleIndex(moduleId(module))).toBe(module);
      for (const element of [0, 4095]) {
        const id = elementId(module, element);
        expect([moduleIndex(id), elementIndex(id)]).toEqual([module, element]);
        for (const sub of [0, 255]) {
          const subId = subElementId(module, element, sub);
          expect([moduleIndex(subId), elementIndex(subId), subElementIndex(subId)]).toEqual([module, element, sub]);
        }
      }
      for (const index of [0, 15]) {
        expect([moduleIndex(apiId(module, index)), apiIndex(apiId(module, index))]).toEqual([module, index]);
      }
      for (const index of [0, 63]) {
        const event = eventId(module, index);
        const notification = notificationId(module, index);
        expect([moduleIndex(event), eventIndex(event)]).toEqual([module, index]);
        expect([moduleIndex(notification), notificationIndex(notification)]).toEqual([module, index]);
      }
    }
  });

  it('has the limits of the layout', () => {
    expect(ID_LIMIT).toEqual({
      modules: 256,
      elements: 4096,
      subElements: 256,
      apis: 16,
      events: 64,
      notifications: 64,
    });
  });
});

describe('words that are no identifier', () => {
  it('tells INVALID from NONE', () => {
    expect(INVALID_ID).toBe(0);
    expect(INVALID_ID).not.toBe(NONE_ID);
    expect(kindsOf(INVALID_ID)).toEqual([]);
    expect(formatId(INVALID_ID)).toBe('[INV]');
  });

  it.each([
    ['a type that does not exist', 0x0000_0008],
    ['the greatest type', 0x0000_000f],
    ['NONE with a module', 0x0000_0011],
    ['a module with an element', 0x0000_1002],
    ['an element with a sub-element', 0x0100_0003],
    ['an API beyond 15', 0x0001_0005],
    ['an event beyond 63', 0x0004_0006],
    ['a notification beyond 63', 0x0004_0007],
    ['more than 32 bits', 0x1_0000_0002],
    ['a word read as signed', 0xffff_fff4 | 0],
    ['a fraction', 2.5],
    ['no number', NaN],
  ])('%s', (_, word) => {
    expect(kindsOf(word)).toEqual([]);
    expect(isEntityId(word)).toBe(false);
    expect(formatId(word)).toBe('[INV]');
  });
});

describe('indices out of range', () => {
  const makers: [name: string, make: (index: number) => number, limit: number, message: (index: number) => string][] = [
    ['module', moduleId, 256, i => `module: module index ${i} is not within 0..255`],
    ['element', i => elementId(0, i), 4096, i => `element: index ${i} is not within 0..4095`],
    ['module of an element', i => elementId(i, 0), 256, i => `element: module index ${i} is not within 0..255`],
    ['sub-element', i => subElementId(0, 0, i), 256, i => `sub-element: sub-element index ${i} is not within 0..255`],
    [
      'element of a sub-element',
      i => subElementId(0, i, 0),
      4096,
      i => `sub-element: index ${i} is not within 0..4095`,
    ],
    ['API', i => apiId(0, i), 16, i => `API: index ${i} is not within 0..15`],
    ['event', i => eventId(0, i), 64, i => `event: index ${i} is not within 0..63`],
    ['notification', i => notificationId(0, i), 64, i => `notification: index ${i} is not within 0..63`],
  ];

  it.each(makers)('%s', (_, make, limit, message) => {
    expect(() => make(limit - 1)).not.toThrow();
    for (const index of [limit, -1, 0.5, NaN, Infinity]) {
      expect(() => make(index)).toThrow(new RangeError(message(index)));
    }
  });
});
