/**
 * workerd gives an imported `.wasm` file as a compiled module, since compiling bytes at run time is
 * forbidden there. This says so to the compiler; it says nothing about what such a module exports.
 */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
