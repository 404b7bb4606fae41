#!/usr/bin/env node
// SPDX-License-Identifier: BSD-3-Clause
import { runTypeScript } from './run.mjs';

await runTypeScript('src/start/main.ts', process.argv.slice(2));
