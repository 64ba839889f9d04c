import { useState } from "react";

interface Props {
  title: string;
  step?: number;
}

// Counts, and says so.
export default function Counter({ title, step = 1 }: Props) {
  const [count, setCount] = useState<number>(0);
  const doubled = `${count * 2} times`;

  return (
    <section className="counter">
      <h2>{title}</h2>
      <button onClick={() => setCount(count + step)} disabled={count > 9}>
        Pressed {count} times
      </button>
      {count > 3 && <p title="twice">{doubled}</p>}
      {/* nothing else */}
      <input type="number" value={count} />
    </section>
  );
}
