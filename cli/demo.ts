export async function runDemo(_i: unknown, _o: unknown): Promise<void> {}
