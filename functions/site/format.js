// Always in English, and without the global Intl, which a browser may lack.

const UNITS = ["byte", "kB", "MB", "GB", "TB", "PB", "EB", "ZB"];

/** An amount of bytes to three digits, as `15.7 MB`. */
export function bytes(amount) {
  let value = Number(amount);
  let power = 0;
  // 999,999 bytes are 1,000 kB when rounded, which is 1 MB.
  for (; Number(value.toPrecision(3)) >= 1000 && power < UNITS.length - 1; power++) {
    value /= 1000;
  }
  return `${Number(value.toPrecision(3)).toLocaleString("en")} ${power > 0 || value === 1 ? UNITS[power] : "bytes"}`;
}

export const count = (number) => number.toLocaleString("en");

/** A share as `24%`; never 0% unless it is nothing, and never 100% unless it is full. */
export function percent(share) {
  if (share > 0 && share < 0.001) {
    return "Less than 0.1%";
  }
  return share < 1 && share > 0.999 ? "More than 99.9%" : `${(Math.round(share * 1000) / 10).toLocaleString("en")}%`;
}

const date = (seconds, style) => new Date(Number(seconds) * 1000).toLocaleString("en", style);

// From seconds since 1970.
export const day = (seconds) => date(seconds, { dateStyle: "long" });
export const moment = (seconds) => date(seconds, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });

/** The first character as a reader sees it, which can be several code points. */
export function initial(text) {
  try {
    return [...new Intl.Segmenter("en").segment(text)][0].segment;
  } catch {
    return [...text][0];
  }
}
