import { fireEvent, screen } from "@testing-library/react";
import { useLocation } from "react-router-dom";
import { expect, it } from "vitest";

import { show } from "src/test/render";
import { useChoice } from "./address";

const Shown = () => {
  const [value, choose] = useChoice("look", ["plain", "rich"], "plain");
  const { search } = useLocation();

  return (
    <>
      <p>{`${value} at ${search}`}</p>
      <button onClick={() => choose(value === "plain" ? "rich" : "plain")}>other</button>
    </>
  );
};

it("keeps a choice in the address beside what stands there already, and leaves out the usual one", () => {
  show(<Shown />, "/?dag_id=orders");
  fireEvent.click(screen.getByRole("button"));
  expect(screen.getByText("rich at ?dag_id=orders&look=rich")).toBeTruthy();
  fireEvent.click(screen.getByRole("button"));
  expect(screen.getByText("plain at ?dag_id=orders")).toBeTruthy();
});

it("takes what it does not know for the usual one", () => {
  show(<Shown />, "/?look=grand");
  expect(screen.getByText("plain at ?look=grand")).toBeTruthy();
});
