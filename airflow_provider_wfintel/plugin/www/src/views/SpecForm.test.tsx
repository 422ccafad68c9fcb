import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "src/test/render";
import { SpecForm } from "./SpecForm";

const SPEC = {
  dag_id: "d",
  retry: { retries: 2 },
  schedule: { words: "every day at 06:00" },
  tasks: [
    {
      arguments: [
        { name: "channel", value: { is: "literal", json: '"#ops"' } },
        { name: "limit", value: { is: "literal", json: "5" } },
      ],
      operator: { path: "a.b:PostOperator" },
      services: ["slack"],
      task_id: "post",
    },
  ],
};

const fill = (label: string, value: string) => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
  fireEvent.click(screen.getByRole("button", { name: `Set: ${label}` }));
};

it("sets what holds for the DAG, and for the task that is chosen", () => {
  const onEdits = vi.fn();

  show(<SpecForm edits={[]} onEdits={onEdits} spec={SPEC} />);
  fill("Schedule in words", "every Monday");
  expect(onEdits).toHaveBeenLastCalledWith([{ name: "", task_id: "", value: "every Monday", what: "schedule" }]);
  fireEvent.change(screen.getByLabelText("Task"), { target: { value: "post" } });
  expect(screen.getByRole("option", { name: "PostOperator · slack" })).toBeTruthy();
  fill("limit", "9");
  expect(onEdits).toHaveBeenLastCalledWith([{ name: "limit", task_id: "post", value: 9, what: "argument" }]);
});

it("does not set what is of another kind, and takes back what was set", () => {
  const onEdits = vi.fn();
  const edit = { name: "", task_id: "", value: 4, what: "retries" } as const;

  show(<SpecForm edits={[edit]} onEdits={onEdits} spec={SPEC} />);
  fill("Retries", "often");
  expect(onEdits).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Take back: Retries = 4" }));
  expect(onEdits).toHaveBeenCalledWith([]);
});

it("offers another service for a task where one could be meant, and writes it into the words", () => {
  const onText = vi.fn();
  const mention = { actions: [], alternatives: ["microsoft_teams"], confidence: 0.6, role: "target", service: "slack", span: [8, 13] };

  show(
    <SpecForm edits={[]} mentions={[mention as never]} onEdits={vi.fn()} onText={onText} spec={SPEC} text="Post to Slack." />,
  );
  expect(screen.queryByLabelText("What is meant by slack")).toBeNull();
  fireEvent.change(screen.getByLabelText("Task"), { target: { value: "post" } });
  fireEvent.change(screen.getByLabelText("What is meant by slack"), { target: { value: "microsoft_teams" } });
  expect(onText).toHaveBeenCalledWith("Post to microsoft teams.");
});

const OPERATORS = [{ choices: [{ asks: ["file_name"], path: "a.b:FileOperator" }], task_id: "post" }];

it("offers the other operators of the catalogue with what they ask for, and the way back", () => {
  const onEdits = vi.fn();
  const { unmount } = show(<SpecForm edits={[]} onEdits={onEdits} operators={OPERATORS} spec={SPEC} />);

  fireEvent.change(screen.getByLabelText("Task"), { target: { value: "post" } });
  expect(screen.getByRole("option", { name: "FileOperator (asks for: file name)" })).toBeTruthy();
  fireEvent.change(screen.getByLabelText("Operator"), { target: { value: "a.b:FileOperator" } });
  const set = { name: "", task_id: "post", value: "a.b:FileOperator", what: "operator" as const };

  expect(onEdits).toHaveBeenLastCalledWith([set]);
  unmount();
  const tasks = SPEC.tasks.map((task) => ({ ...task, operator: { path: "a.b:FileOperator" } }));

  show(<SpecForm edits={[set]} onEdits={onEdits} operators={OPERATORS} spec={{ ...SPEC, tasks }} />);
  fireEvent.change(screen.getByLabelText("Task"), { target: { value: "post" } });
  fireEvent.change(screen.getByLabelText("Operator"), { target: { value: "" } });
  expect(onEdits).toHaveBeenLastCalledWith([]);
});

it("says so where nothing else could do the work", () => {
  show(<SpecForm edits={[]} onEdits={vi.fn()} spec={SPEC} />);
  fireEvent.change(screen.getByLabelText("Task"), { target: { value: "post" } });
  expect(screen.getByLabelText<HTMLSelectElement>("Operator").disabled).toBe(true);
  expect(screen.getByText("The catalogue has nothing else for this work.")).toBeTruthy();
});
