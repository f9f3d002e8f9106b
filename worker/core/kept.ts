/**
 * What is loaded with the first call and kept. The value, not the promise of it: requests that come
 * together each ask for it, since under workerd none may wait for what another one has begun.
 */
export function kept<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let value: Value | undefined;
  return async () => {
    value ??= await load();
    return value;
  };
}
