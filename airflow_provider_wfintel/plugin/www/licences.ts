import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Plugin } from "vite";

type Manifest = { readonly license?: string; readonly name: string; readonly version: string };

const packageOf = (moduleId: string): string | undefined =>
  /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(moduleId)?.[1];

const entry = (folder: string): string => {
  const { license = "unknown", name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const file = readdirSync(folder).find((item) => /^licen[cs]e/iu.test(item));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;

  return `${name} ${version} (${license})\n${text}`;
};

/** Writes the licence of everything that is in the bundle to `dist/THIRD_PARTY.txt`.
 *
 * @param alone packages of which a file is copied beside the bundle
 */
export const licences = (alone: ReadonlyArray<string>): Plugin => {
  const folders = new Set(alone.map((name) => resolve("node_modules", name)));

  return {
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        for (const id of output.type === "chunk" ? Object.keys(output.modules) : []) {
          const folder = packageOf(id);

          if (folder !== undefined) {
            folders.add(folder);
          }
        }
      }
    },
    name: "licences",
    // Not at the end of the server: the tests have one too, and bundle nothing.
    writeBundle() {
      // Where `node_modules` is a link, a package has two names, and is one all the same.
      const parts = [...new Set([...folders].filter((folder) => existsSync(join(folder, "package.json"))).map(entry))].sort();

      writeFileSync(resolve("dist/THIRD_PARTY.txt"), `${parts.join(`\n${"-".repeat(80)}\n\n`)}\n`);
    },
  };
};
