// A deep scene: a target is made of other targets, and the light goes on through them, down to the data.

/** @import { Scene } from "./scene.js" */

/**
 * All terms of a target and of the targets among its sources, each with the cell that it is for.
 * @type {(scene: Scene, name: string, row: number, col: number) => Term[]}
 */
export function termsBelow(scene, name, row, col) {
  const terms = scene.terms(name, row, col);
  if (!scene.deep) return terms;
  return terms.flatMap((term) =>
    scene.isTarget(term.from) ? [term, ...termsBelow(scene, term.from, term.row, term.col)] : [term],
  );
}

/**
 * All readers of a source, and the readers of those among them that are sources themselves.
 * @type {(scene: Scene, name: string, row: number, col: number) => Reader[]}
 */
export function readersAbove(scene, name, row, col) {
  const readers = scene.readers(name, row, col);
  if (!scene.deep) return readers;
  return readers.flatMap((one) =>
    scene.isSource(one.into) ? [one, ...readersAbove(scene, one.into, one.row, one.col)] : [one],
  );
}

/**
 * The targets among the sources of a target, each once: their sums are written below its own.
 * @type {(scene: Scene, name: string, row: number, col: number) => Term[]}
 */
export function targetsBelow(scene, name, row, col) {
  return scene.deep ? scene.terms(name, row, col).filter((term) => scene.isTarget(term.from)) : [];
}

/**
 * Whether a term begins another source than the term before it, so that a deep sum starts a new line.
 * @type {(scene: Scene, terms: Term[], order: number) => boolean}
 */
export function beginsSource(scene, terms, order) {
  return (
    Boolean(scene.deep) &&
    order > 0 &&
    terms[order].weight !== null &&
    terms[order].from !== terms[order - 1].from &&
    terms.filter((term) => term.from === terms[order].from).length > 1
  );
}
