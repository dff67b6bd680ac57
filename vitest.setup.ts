// Runs before each test file. Files of a package share a process and its modules; what a program chooses is forgotten between them.
import { forgetBackend } from './packages/tensor/src/currentBackend.ts';
import { debug } from './packages/tensor/src/debug.ts';
import { forgetSeed } from './packages/tensor/src/random.ts';

forgetBackend();
forgetSeed();
debug(false);
