import { render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import { useColorMode } from "./colorMode";

const Shown = () => <span>{useColorMode()}</span>;

afterEach(() => document.documentElement.classList.remove("dark"));

it("follows the look that the user chooses in Airflow", async () => {
  render(<Shown />);
  expect(screen.getByText("light")).toBeTruthy();
  document.documentElement.classList.add("dark");
  expect(await screen.findByText("dark")).toBeTruthy();
});
