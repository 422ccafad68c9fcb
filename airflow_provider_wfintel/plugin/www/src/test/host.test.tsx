/** The built bundle in a page that gives it what Airflow's UI gives it. */
import * as ChakraUI from "@chakra-ui/react";
import * as EmotionReact from "@emotion/react";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import * as React from "react";
import * as ReactJSXRuntime from "react/jsx-runtime";
import * as ReactDOM from "react-dom";
import * as ReactRouterDOM from "react-router-dom";
import { render, screen } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

const BUNDLE = resolve("dist/main.umd.cjs");

describe.runIf(existsSync(BUNDLE))("the built bundle", () => {
  beforeAll(() => {
    Object.assign(globalThis, { ChakraUI, EmotionReact, React, ReactDOM, ReactJSXRuntime, ReactRouterDOM });
    // As a script of a page, not as a CommonJS module.
    new Function("exports", "module", "define", readFileSync(BUNDLE, "utf8")).call(globalThis);
  });

  it("is one function component under the name that Airflow reads", () => {
    expect(typeof (globalThis as { AirflowPlugin?: unknown }).AirflowPlugin).toBe("function");
  });

  it("keeps within its budget of 650 KB, 200 KB packed", () => {
    expect(statSync(BUNDLE).size).toBeLessThanOrEqual(650_000);
    expect(gzipSync(readFileSync(BUNDLE)).length).toBeLessThanOrEqual(200_000);
  });

  it("shows our pages with the libraries of the host", async () => {
    history.pushState({}, "", "/plugin/wfintel");
    vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("{}", { status: 500 }));
    const Plugin = (globalThis as unknown as { AirflowPlugin: React.FC }).AirflowPlugin;

    render(
      <ReactRouterDOM.MemoryRouter>
        <Plugin />
      </ReactRouterDOM.MemoryRouter>,
    );
    expect(await screen.findByRole("heading", { name: "Workflow Intelligence" })).toBeTruthy();
  });
});
