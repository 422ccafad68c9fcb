import { expect, it } from "vitest";

import { placesOf, question } from "./layout";

it("puts the tasks of a group into it and keeps every dependency", () => {
  const asked = question(
    [
      { detail: "PythonOperator", id: "a", label: "a" },
      { detail: "BashOperator", group: "g", id: "g.b", label: "b" },
    ],
    [{ from: "a", to: "g.b" }],
  );

  expect(asked.children?.map((child) => child.id)).toEqual(["a", "group:g"]);
  expect(asked.children?.[1]?.children?.map((child) => child.id)).toEqual(["g.b"]);
  expect(asked.edges).toEqual([{ id: "e0", sources: ["a"], targets: ["g.b"] }]);
});

it("reads the places with a parent before its children", () => {
  const places = placesOf({ children: [{ children: [{ id: "b", x: 1 }], id: "group:g", y: 2 }], id: "root" });

  expect(places.map((place) => [place.id, place.parent])).toEqual([
    ["group:g", undefined],
    ["b", "group:g"],
  ]);
});
