// SPDX-License-Identifier: BSD-3-Clause
/** A YAML file as plain data, with the place in the text of whatever is found wrong in the data. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Place, Problem } from './problems.ts';

/** The way from the root of the data to a value: keys and positions. */
export type Path = readonly (string | number)[];

/** A parsed file. */
export interface Source {
  /** The data; null for an empty file. */
  readonly data: unknown;
  /** What is wrong with the file as YAML. */
  readonly problems: readonly Problem[];
  /** Whether the data is what the file means; if not, what else is wrong with it would be guesswork. */
  readonly isSound: boolean;
  /** The place of the value at `path`, of its key where the value has none in the text or covers several lines. */
  valueAt(path: Path): Place;
  /** The place of the last key of `path`; for what the file lacks, of the innermost part that it has. */
  keyAt(path: Path): Place;
  /** The place of `part`, a piece of the text at `path`. */
  partAt(path: Path, part: string, offset: number): Place;
}

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : String(key));

function step(document: Document, node: Node | undefined, part: string | number): Found | undefined {
  const inner = isAlias(node) ? node.resolve(document) : node;
  if (isMap(inner)) {
    // The last of a name that is given twice, which is the one the data holds.
    const pair = inner.items.filter(({ key }) => keyText(key) === String(part)).at(-1);
    if (pair === undefined) return undefined;
    return { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : undefined };
  }
  const item = isSeq(inner) ? inner.items[Number(part)] : undefined;
  return isNode(item) ? { key: undefined, value: item } : undefined;
}

/** Messages of the YAML parser that say more about YAML than about the file. */
const YAML_MESSAGES: { readonly [code: string]: string } = {
  DUPLICATE_KEY: 'this name is given twice',
  MULTIPLE_DOCS: 'a product file holds one document',
  TAB_AS_INDENT: 'YAML is indented with spaces, not tabs',
};

/** Parses the text of `file` (the name used in messages). Never throws. */
export function parseSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const problems: Problem[] = [];
  let isSound = true;

  const place = (start: number, end: number): Place => {
    const { line, col } = lines.linePos(start);
    const lineStart = lines.lineStarts[line - 1] ?? 0;
    const lineText = text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '';
    const length = Math.min(end - start, lineText.length - (col - 1));
    return { file, line, column: col, length: Math.max(1, length), text: lineText };
  };
  const placeOf = (node: Node | undefined): Place => {
    const [start, end] = node?.range ?? [0, 0];
    return place(start, end);
  };
  const find = (path: Path): { readonly found: Found; readonly complete: boolean } => {
    let found: Found = { key: undefined, value: document.contents ?? undefined };
    for (const part of path) {
      const next = step(document, found.value, part);
      // An item of a list has no key of its own: what it lacks is reported where it begins.
      if (next === undefined) return { found, complete: false };
      found = next;
    }
    return { found, complete: true };
  };
  const isBlock = (node: Node | undefined): boolean => isCollection(node) && node.flow !== true;

  const keyAt = (path: Path): Place => {
    const { found } = find(path);
    return placeOf(found.key ?? (isBlock(found.value) ? firstKey(found.value) : found.value));
  };
  const valueAt = (path: Path): Place => {
    const { found, complete } = find(path);
    const { value } = found;
    const empty = value?.range == null || value.range[0] === value.range[1];
    return complete && !empty && !isBlock(value) ? placeOf(value) : keyAt(path);
  };
  const partAt = (path: Path, part: string, offset: number): Place => {
    const { value } = find(path).found;
    const quote = isScalar(value) && (value.type === 'QUOTE_SINGLE' || value.type === 'QUOTE_DOUBLE') ? 1 : 0;
    const start = (value?.range?.[0] ?? 0) + quote + offset;
    return text.startsWith(part, start) && part !== '' ? place(start, start + part.length) : valueAt(path);
  };

  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    isSound &&= code === 'DUPLICATE_KEY';
    problems.push({ severity: 'error', place: place(pos[0], pos[1]), message: YAML_MESSAGES[code] ?? message });
  }
  visit(document, {
    Scalar(_key, node) {
      if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) {
        const message = `${node.source ?? 'this number'} is beyond 2^53: the firmware could not keep all its digits`;
        problems.push({ severity: 'error', place: placeOf(node), message });
      }
      if (node.value === '__proto__') {
        problems.push({ severity: 'error', place: placeOf(node), message: '"__proto__" cannot be a name' });
      }
    },
  });
  let data: unknown = null;
  try {
    data = document.toJS();
  } catch (error) {
    // The parser refuses aliases that multiply, and anchors that nobody declared.
    isSound = false;
    problems.push({
      severity: 'error',
      place: place(0, 0),
      message: error instanceof Error ? error.message : String(error),
    });
  }
  return { data, problems, isSound, keyAt, valueAt, partAt };
}

/** What stands first in a list or map that begins on a line of its own. */
function firstKey(node: Node | undefined): Node | undefined {
  if (isMap(node)) {
    const key = node.items[0]?.key;
    return isNode(key) ? key : node;
  }
  return node;
}
