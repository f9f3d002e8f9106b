/**
 * A tail Worker: workerd gives it what it traces of the Workers it is attached to, both as one item
 * an invocation when that has ended (`tail`: who was called and how, logs, exceptions) and live
 * (`tailStream`: every span, with the statements of a store and the names of RPC methods). It keeps
 * all of it as text while it is told to.
 */
const SCRIPT = `
let isKeeping = false;
let kept = [];
const plain = (name, value) => (typeof value === 'bigint' ? String(value) : value);
const keep = (kind) => (traced) => {
  if (isKeeping) kept.push(JSON.stringify({ kind, traced }, plain));
};
const streamed = keep('stream');
export default {
  tail: (items) => items.forEach(keep('tail')),
  tailStream: (onset) => {
    streamed(onset);
    return streamed;
  },
  fetch: (request) => {
    if (request.method === 'POST') {
      isKeeping = true;
      kept = [];
    }
    if (request.method === 'DELETE') {
      isKeeping = false;
      kept = [];
    }
    return new Response(kept.join('\\n'));
  },
};
`;

const NAME = 'trace-collector';

export const traceCollector = {
  name: NAME,
  modules: true,
  script: SCRIPT,
  compatibilityDate: '2026-11-01',
  compatibilityFlags: ['streaming_tail_worker'],
};

/** Of a Worker that is to be traced. */
export const traced = { tails: [NAME], streamingTails: [NAME] };

/** By which the tests read it. */
export const traceBinding = { TRACES: NAME };
