// Ways to divide
import { a } from './a.js';

const half = (x) => x / 2 / 3;
const found = text.match(/[/"]+\/x/gi);
const words = `sum: ${half(4) + `${1}`} end`;
class Shape extends Base {
  constructor() { super(); this.size = 0x10; }
}
/* more
   lines */
async function load(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error('no "reply"');
  return reply.default;
}
let none = null, yes = true;
