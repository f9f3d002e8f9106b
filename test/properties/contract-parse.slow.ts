/** 10,000 random bodies for every schema of the contract; SEED repeats a run. */
import { parseEveryBody } from './parse-bodies.ts';

const seed = Number(process.env.SEED ?? Math.trunc(performance.timeOrigin % 2 ** 31));
console.info(`contract-parse: SEED=${seed}`);

parseEveryBody(10_000, seed);
