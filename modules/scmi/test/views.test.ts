// SPDX-License-Identifier: BSD-3-Clause
/** What each agent sees of a protocol's resources. */
import { elementId, type ElementId } from '@scp/framework';
import { AgentViews, type ViewedResource } from '@scp/scmi/api';

const AGENTS = ['ospm0', 'ospm1', 'ospm2'];
const hub = {
  agents: AGENTS.map((name, index) => ({ id: index + 1, name })),
  agentId: (name: string) => (AGENTS.includes(name) ? AGENTS.indexOf(name) + 1 : undefined),
};

/** Elements of the HAL; the position counts them, not what agents see. */
const A = elementId(9, 7);
const B = elementId(9, 3);
const C = elementId(9, 5);
const UNSEEN = elementId(9, 0);

interface Resource extends ViewedResource {
  readonly made: string;
}

const make = (index: number, id: ElementId): Resource => ({ index, id, made: `${index}:${id}` });
const plain = (agents: Readonly<Record<string, readonly ElementId[]>>, nameOf?: (id: ElementId) => string) =>
  new AgentViews(hub, agents, id => id, make, nameOf);

describe('lists', () => {
  const views = plain({ ospm0: [A, B], ospm2: [C, A] });

  it('have the length that is configured; none for the others', () => {
    expect([0, 1, 2, 3, 4].map(agent => views.count(agent))).toEqual([0, 2, 0, 2, 0]);
  });

  it('find by the agent’s own id', () => {
    expect([0, 1].map(id => views.find(1, id)?.id)).toEqual([A, B]);
    expect([0, 1].map(id => views.find(3, id)?.id)).toEqual([C, A]);
  });

  it.each([
    ['an id past the end', 1, 2],
    ['the greatest id', 1, 0xffffffff],
    ['an id of another agent', 2, 0],
    ['the platform', 0, 0],
    ['an agent that is not there', 4, 0],
  ])('find nothing for %s', (_name, agent, id) => {
    expect([views.at(agent, id), views.find(agent, id), views.entry(agent, id)]).toEqual(Array(3).fill(undefined));
  });
});

describe('resources', () => {
  const views = plain({ ospm1: [B], ospm0: [A, B] });

  it('are made once for all agents, in the order they are met', () => {
    expect(views.resources).toEqual([make(0, B), make(1, A)]);
    expect(views.find(2, 0)).toBe(views.find(1, 1));
  });

  it('are found by element; one that no agent sees is not', () => {
    expect(views.ofElement(A)).toBe(views.resources[1]);
    expect(views.ofElement(UNSEEN)).toBeUndefined();
    expect(views.ofElement(-1)).toBeUndefined();
  });

  it('have the id of each agent that sees them, -1 for the others', () => {
    const ids = views.resources.map(resource => [0, 1, 2, 3, 4].map(agent => views.idOf(agent, resource)));
    expect(ids).toEqual([
      [-1, 1, 0, -1, -1],
      [-1, 0, -1, -1, -1],
    ]);
  });
});

describe('entries', () => {
  const first = { element: A, may: true };
  const second = { element: B, may: false };
  const third = { element: A, may: false };
  const views = new AgentViews(hub, { ospm0: [first, second], ospm1: [third] }, entry => entry.element, make);

  it('stay with the agent’s use of the resource', () => {
    expect([views.entry(1, 0), views.entry(1, 1), views.entry(2, 0)]).toEqual([first, second, third]);
    expect(views.find(1, 0)).toBe(views.find(2, 0));
  });

  it('are there beside the resource, and the same object each time', () => {
    expect(views.at(1, 1)).toEqual({ resource: make(1, B), entry: second });
    expect(views.at(1, 1)).toBe(views.at(1, 1));
    expect(views.at(1, 1)?.entry).toBe(second);
  });
});

describe('configuration that is refused', () => {
  it('an agent that there is not, also without resources', () => {
    const rule = 'no agent is called ospm9; the agents are ospm0, ospm1, ospm2 (E_DATA)';
    expect(() => plain({ ospm0: [A], ospm9: [] })).toThrow(rule);
  });

  it('an element twice in one list, by position', () => {
    expect(() => plain({ ospm1: [A, B, A] })).toThrow('agent ospm1 lists its resource 2 twice; each once (E_DATA)');
  });

  it('an element twice in one list, by name', () => {
    const nameOf = (id: ElementId) => (id === B ? 'clock b' : 'another');
    expect(() => plain({ ospm1: [A], ospm0: [A, B, B] }, nameOf)).toThrow(
      'agent ospm0 lists clock b twice; each once (E_DATA)',
    );
  });
});
