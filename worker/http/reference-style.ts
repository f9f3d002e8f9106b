/**
 * The style of the reference pages, served at `/docs/reference.css`. System fonts and colours;
 * contrast of 4.5 or more.
 */
export const REFERENCE_CSS = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c2128, #dfe4ea);
  --quiet: light-dark(#57606a, #9aa4af);
  --page: light-dark(#ffffff, #14181d);
  --panel: light-dark(#f4f6f8, #1c2229);
  --line: light-dark(#d5dae0, #323a44);
  --link: light-dark(#0b5cad, #79b8ff);
  --get: light-dark(#0a6640, #6fd3a5);
  --write: light-dark(#8a4b00, #f0b35c);
  --remove: light-dark(#a4161a, #ff9a94);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0;
  display: grid;
  grid-template-columns: 17rem minmax(0, 1fr);
  color: var(--text);
  background: var(--page);
  font: 1rem/1.55 system-ui, sans-serif;
}
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
nav {
  position: sticky;
  top: 0;
  height: 100vh;
  overflow-y: auto;
  padding: 1.5rem 1rem;
  background: var(--panel);
  border-right: 1px solid var(--line);
  font-size: .875rem;
}
nav h2 { margin: 1.25rem 0 .25rem; font-size: .875rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: .15rem 0; overflow-wrap: anywhere; }
main { padding: 2rem clamp(1rem, 4vw, 4rem) 6rem; max-width: 62rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0 2rem; }
h1, h2, h3, h4 { line-height: 1.25; }
h4 { margin: 1.5rem 0 .5rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem; overflow-x: auto; }
pre code { overflow-wrap: normal; }
.place { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.method { font-weight: 700; text-transform: uppercase; }
.method.get { color: var(--get); }
.method.post, .method.put, .method.patch { color: var(--write); }
.method.delete { color: var(--remove); }
.quiet { color: var(--quiet); }
.warning { border-left: .25rem solid var(--write); padding-left: .75rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
td p { margin: 0; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; }
}
@media print { nav { display: none; } body { display: block; } }
`;
