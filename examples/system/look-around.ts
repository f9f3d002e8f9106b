/**
 * What a platform says of itself: whether it is ready, its versions, its services, its bounds and
 * the public keys that its signatures can be checked with.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<any valid token> \
 *     node examples/system/look-around.ts
 */
import { connect, print, runExample } from '../connect.ts';

await runExample(async () => {
  const { system } = connect();
  const { status, parts, caller } = await system.getStatus();
  print(`${status}: ${parts.map(({ name }) => name).join(', ')}`);
  print(`you are ${caller.kind} ${caller.id}`);

  const { version, apiVersion, runtimeVersion, environment } = await system.getVersion();
  print(`version ${version} (API ${apiVersion}) in ${environment}`);
  print(`functions runtime ${runtimeVersion}`);

  const { items: services } = await system.listDescriptors();
  for (const { service, operations } of services) print(`  ${service}: ${operations.length}`);

  const { items: limits } = await system.listLimits();
  const fuel = limits.find(({ name }) => name === 'fuelDefault');
  print(`${limits.length} limits, such as ${fuel?.value} ${fuel?.unit}: ${fuel?.reason}`);

  const { items: keys } = await system.listSigningKeys();
  for (const { keyId, algorithm } of keys) print(`signing key ${keyId} (${algorithm})`);
});
