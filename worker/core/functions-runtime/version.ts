/**
 * The number of the host's behaviour as guest code can see it: what a host call answers, what it
 * costs in fuel, how results, logs and errors are shaped. Raise it with every such change; the
 * golden executions in test/core/functions-runtime/golden.json fail when somebody forgets. It is
 * part of `runtimeVersion`, so a replay never runs on a host that would answer otherwise.
 */
export const HOST_VERSION = 2;
