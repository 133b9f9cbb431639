/** An amount of bytes in the reader's own units and language, as `15.7 MB`. */
export function bytes(amount) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];
  const power = Math.min(Math.floor(Math.log10(Math.max(Number(amount), 1)) / 3), units.length - 1);
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: units[power],
    unitDisplay: power === 0 ? "long" : "short",
    maximumSignificantDigits: 3,
  }).format(Number(amount) / 1000 ** power);
}

/** A number with its digits grouped; a BigInt too, to the last digit. */
export function count(number) {
  return new Intl.NumberFormat().format(number);
}

/** A day in words, from seconds since 1970. */
export function day(seconds) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(seconds * 1000);
}
