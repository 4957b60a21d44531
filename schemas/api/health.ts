import Type from 'typebox';
import { answer } from './common.ts';

export const health = answer({ ready: Type.Boolean() });
