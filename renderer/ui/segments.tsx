import './segments.css';

interface SegmentsProps<Value extends string> {
  /** Name of the radio buttons; with a value, the test id of one. */
  name: string;
  values: readonly Value[];
  chosen: Value;
  /** What is written on each. */
  texts: Readonly<Record<Value, string>>;
  onChoose: (value: Value) => void;
}

/** A choice of one, side by side, inside a `fieldset` that names it. The arrow keys move between the radio buttons. */
export function Segments<Value extends string>({ name, values, chosen, texts, onChoose }: SegmentsProps<Value>) {
  return (
    <div className="segments">
      {values.map((value) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            data-testid={`${name}-${value}`}
            checked={chosen === value}
            onChange={() => onChoose(value)}
          />
          <span>{texts[value]}</span>
        </label>
      ))}
    </div>
  );
}
