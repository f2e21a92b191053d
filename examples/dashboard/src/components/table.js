/** Rows as a table: columns maps a row's key to its title, or to [title, format]. Texts are texts, whatever they hold. */
export function table(rows, columns, {most = Infinity} = {}) {
  const entries = Object.entries(columns).map(([key, value]) => [key, ...[value].flat()]);
  const element = document.createElement("table");
  element.style.cssText = "max-width: none; width: 100%";
  const head = element.createTHead().insertRow();
  for (const [, title] of entries) {
    const cell = document.createElement("th");
    cell.textContent = title;
    head.append(cell);
  }
  const body = element.createTBody();
  for (const row of rows.slice(0, most)) {
    const line = body.insertRow();
    for (const [key, , format] of entries) {
      const cell = line.insertCell();
      const value = row[key];
      cell.textContent = value == null ? "" : format ? format(value) : value;
      if (typeof value === "number") cell.style.textAlign = "right";
      // On a narrow screen the table is scrolled, not squeezed.
      if (String(value).length > 60) cell.style.minWidth = "16rem";
      else if (String(value).length > 24) cell.style.minWidth = "9rem";
      else cell.style.whiteSpace = "nowrap";
    }
  }
  const frame = document.createElement("div");
  frame.style.overflowX = "auto";
  frame.append(element);
  return frame;
}

/** A sentence as a paragraph. */
export function sentence(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

const number = new Intl.NumberFormat("en", {maximumFractionDigits: 0});

export const whole = (value) => (value == null ? "–" : number.format(value));
export const tenth = (value) => (value == null ? "–" : value.toFixed(1));
export const percent = (value) => (value == null ? "–" : `${Math.round(value * 100)} %`);
export const day = (value) => (value == null ? "–" : value.slice(0, 10));
export const minute = (value) => (value == null ? "–" : value.slice(0, 16).replace("T", " "));
