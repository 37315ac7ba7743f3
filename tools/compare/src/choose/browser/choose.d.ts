import type { Answers, Model, Ranked } from '../model.js';

/** Ranks the modes of a model by answers, best first. */
export function rank(model: Model, answers: Answers): Ranked[];
