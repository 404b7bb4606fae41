// SPDX-License-Identifier: BSD-3-Clause
/** Votes of agents on one resource. */
import { Votes } from '@scp/scmi/api';

const OFF = 0;
const ON = 1;
type State = typeof OFF | typeof ON;

/** Votes of three agents, as `-` for none, `0` and `1`. */
function votesOf(text: string, initial: State): Votes<State> {
  const votes = new Votes<State>(text.length, initial);
  [...text].forEach((vote, at) => votes.set(at + 1, stateOf(vote)));
  return votes;
}

const stateOf = (vote: string): State | undefined => (vote === '-' ? undefined : vote === '1' ? ON : OFF);

describe('on two states', () => {
  it.each([
    ['---', OFF, OFF],
    ['---', ON, ON],
    ['0--', ON, OFF],
    ['0--', OFF, OFF],
    ['-1-', OFF, ON],
    ['01-', OFF, ON],
    ['001', OFF, ON],
    ['100', OFF, ON],
    ['000', ON, OFF],
  ] as const)('%s from %d lead to %d', (text, initial, outcome) => {
    expect(votesOf(text, initial).outcome()).toBe(outcome);
  });

  it.each([
    ['another vote in the place of its own', '10-', 1, '0', OFF],
    ['no vote in the place of its own, others left', '10-', 1, '-', OFF],
    ['no vote in the place of the only one', '0--', 1, '-', ON],
    ['a first vote', '0--', 3, '1', ON],
    ['a vote that others outdo', '-1-', 1, '0', ON],
    ['the platform’s, which has none', '0--', 0, '1', OFF],
  ] as const)('an outcome with %s changes nothing', (_name, text, agent, vote, outcome) => {
    const votes = votesOf(text, ON);
    const before = [1, 2, 3].map(at => votes.of(at));
    expect(votes.outcome(agent, stateOf(vote))).toBe(outcome);
    expect([1, 2, 3].map(at => votes.of(at))).toEqual(before);
  });

  it('are an agent’s last one, or none', () => {
    const votes = votesOf('---', OFF);
    expect([0, 1, 2, 3].map(agent => votes.of(agent))).toEqual(Array(4).fill(undefined));
    votes.set(2, ON);
    votes.set(2, OFF);
    votes.set(3, ON);
    votes.set(3, undefined);
    expect([0, 1, 2, 3].map(agent => votes.of(agent))).toEqual([undefined, undefined, OFF, undefined]);
  });

  it('without any follow the state of the start when it is learnt later', () => {
    const votes = votesOf('---', OFF);
    votes.initial = ON;
    expect(votes.outcome()).toBe(ON);
  });
});

describe('on more than two states', () => {
  it('the highest counts, negative ones too', () => {
    const votes = new Votes<number>(3, 9);
    votes.set(1, -2);
    expect(votes.outcome()).toBe(-2);
    votes.set(2, 5);
    votes.set(3, 3);
    expect(votes.outcome()).toBe(5);
    expect(votes.outcome(2, undefined)).toBe(3);
  });
});
