// A film: one picture for each setting of the controls, drawn by Python when the book was built. The last control
// changes fastest, as the rightmost digit of a number does.

export function draw(values, {grid, frames}) {
  const place = Object.entries(grid).reduce((place, [name, along]) => place * along.length + along.indexOf(values[name]), 0);
  return frames[place];
}
