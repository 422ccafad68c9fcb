import { fireEvent, screen } from "@testing-library/react";
import { Link, Route, Routes, useLocation } from "react-router-dom";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { Generate } from "./Generate";

const Address = () => <p>{`at ${useLocation().pathname}${useLocation().search}`}</p>;

it("writes what was typed into the address, and lets a person leave for another page", async () => {
  answering({ "/templates": { patterns: [], templates: [], total: 0 } });
  show(
    <>
      <Link to="/elsewhere">leave</Link>
      <Address />
      <Routes>
        <Route element={<Generate />} path="/generate" />
        <Route element={<p>another page</p>} path="/elsewhere" />
      </Routes>
    </>,
    "/generate",
  );
  fireEvent.change(screen.getByLabelText("Description"), { target: { value: "load it" } });
  expect(await screen.findByText("at /generate?text=load+it")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("Description"), { target: { value: "load it daily" } });
  fireEvent.click(screen.getByText("leave"));
  await new Promise((done) => setTimeout(done, 600));
  expect(screen.getByText("another page")).toBeTruthy();
  expect(screen.getByText("at /elsewhere")).toBeTruthy();
});
