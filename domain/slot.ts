/**
 * A source's slot for a date: the name of the file that its template gives. It names the place of a record (`$file`),
 * so it does not change when a file is moved, compressed or uploaded under another name.
 */
export function slotName(location: string, date: string): string {
  const name = location.split('/').at(-1) ?? location;
  return name.includes('{date}') ? name.replaceAll('{date}', date) : `${date}/${name}`;
}
