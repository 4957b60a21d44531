#!/usr/bin/env node
import { keepCompiled } from './compile-cache.ts';

keepCompiled(process.env);
// Sources that are imported statically are compiled before anything runs.
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
