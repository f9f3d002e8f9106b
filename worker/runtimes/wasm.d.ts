/** workerd gives an imported `.wasm` file as a compiled module; compiling bytes at run time is forbidden there. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
