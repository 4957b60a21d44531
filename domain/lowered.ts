/** A title within a sentence: "Net sales" is "net sales". */
export const lowered = (title: string): string => `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
