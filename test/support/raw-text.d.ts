/** Files as text: what a test deploys as a user would send it. */
declare module '*?raw' {
  const text: string;
  export default text;
}
