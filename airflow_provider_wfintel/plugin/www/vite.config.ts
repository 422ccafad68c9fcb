/// <reference types="vitest/config" />
import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig, esmExternalRequirePlugin, type Plugin } from "vite";
import cssInjectedByJs from "vite-plugin-css-injected-by-js";

import { licences } from "./licences.ts";

// What Airflow's own UI shares with its plugins, by the name of the global.
const shared: Record<string, string> = {
  "@chakra-ui/react": "ChakraUI",
  "@emotion/react": "EmotionReact",
  react: "React",
  "react-dom": "ReactDOM",
  "react-router-dom": "ReactRouterDOM",
  "react/jsx-runtime": "ReactJSXRuntime",
};

// The layout engine runs in a Web Worker, which must be a file of its own.
const layoutWorker = (): Plugin => ({
  name: "layout-worker",
  writeBundle() {
    mkdirSync(resolve("dist"), { recursive: true });
    copyFileSync(resolve("node_modules/elkjs/lib/elk-worker.min.js"), resolve("dist/elk-worker.min.js"));
  },
});

export default defineConfig(({ command }) => ({
  build: {
    lib: { entry: resolve("src/main.tsx"), fileName: () => "main.umd.cjs", formats: ["umd"], name: "AirflowPlugin" },
    rolldownOptions: { output: { globals: shared } },
    sourcemap: false,
  },
  define: command === "build" ? { "process.env.NODE_ENV": JSON.stringify("production") } : {},
  resolve: { alias: { src: resolve("src") } },
  plugins: [
    // CommonJS libraries in the bundle call `require("react")`, which no browser has.
    esmExternalRequirePlugin({ external: Object.keys(shared) }),
    react(),
    cssInjectedByJs(),
    layoutWorker(),
    licences(["elkjs"]),
  ],
  test: { environment: "happy-dom", globals: true, include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
}));
