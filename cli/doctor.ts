import { examine, type Finding } from '../infra/runtime/doctor.ts';
import { homeOf } from '../infra/runtime/home.ts';
import { toned } from './print/table.ts';

function textOf({ name, ok, found, todo }: Finding): string {
  const mark = ok ? toned('ok     ', 'good') : toned('missing', 'bad');
  return `${mark}  ${name.padEnd(18)} ${found}${todo ? `\n${' '.repeat(28)}${todo}` : ''}`;
}

/** Prints what is present, what is missing and how to get it. Returns 0 where nothing is missing, else 1. */
export async function doctor({ data, json }: { data?: string; json?: boolean }): Promise<number> {
  const checks = await examine(homeOf(data, process.env), process.env);
  const ok = checks.every((one) => one.ok);
  if (json) process.stdout.write(`${JSON.stringify({ ok, checks }, null, 2)}\n`);
  else process.stdout.write(`${checks.map(textOf).join('\n')}\n`);
  return ok ? 0 : 1;
}
