type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where readers of mails reach this installation; null where nobody said. Throws an Error that names the variable where
 * it holds no such address.
 */
export function publicUrlOf({ MESHLINE_PUBLIC_URL: text }: Env): string | null {
  if (!text) return null;
  if (URL.canParse(text)) {
    const { protocol, username, search, hash } = new URL(text);
    if (/^https?:$/.test(protocol) && username === '' && search === '' && hash === '') return text.replace(/\/+$/, '');
  }
  throw new Error(
    `MESHLINE_PUBLIC_URL is "${text}". Set it to the address at which readers of mails reach the API, such as https://reports.agency.example.`,
  );
}
