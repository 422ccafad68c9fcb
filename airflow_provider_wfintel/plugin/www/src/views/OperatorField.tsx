import { Field, NativeSelect } from "@chakra-ui/react";

import type { Body } from "src/api/client";
import type { Edit } from "src/api/hooks";
import { strings } from "src/ui/strings";
import { withOperator } from "src/views/edits";
import { operatorName, type SpecTask } from "src/views/generateSpec";

const texts = strings.form;

export type Operators = Body<"GenerationBody">["operators"];

/** What carries out a task, and what else of the catalogue could do the same work. */
export const OperatorField = ({
  edits,
  onEdits,
  operators,
  task,
}: {
  readonly edits: ReadonlyArray<Edit>;
  readonly onEdits: (edits: ReadonlyArray<Edit>) => void;
  readonly operators: Operators;
  readonly task: SpecTask;
}) => {
  const choices = operators.find((item) => item.task_id === task.task_id)?.choices ?? [];
  const set = edits.find((item) => item.what === "operator" && item.task_id === task.task_id);
  const services = task.services?.join(", ") ?? "";
  const own = task.operator.recipe ? task.operator.recipe.replaceAll("_", " ") : operatorName(task.operator.path);

  return (
    <Field.Root disabled={choices.length === 0 && set === undefined}>
      <Field.Label>{texts.operator}</Field.Label>
      <NativeSelect.Root size="sm">
        <NativeSelect.Field
          onChange={(event) => onEdits(withOperator(edits, task.task_id, event.target.value))}
          value={set === undefined ? "" : task.operator.path}
        >
          {set === undefined ? (
            <option value="">{services === "" ? own : `${own} · ${services}`}</option>
          ) : (
            <>
              <option value={task.operator.path}>{operatorName(task.operator.path)}</option>
              <option value="">{texts.operatorBack}</option>
            </>
          )}
          {choices.map(({ asks, path }) => (
            <option key={path} value={path}>
              {texts.needs(operatorName(path), asks.map((slot) => slot.replaceAll("_", " ")).join(", "))}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <Field.HelperText>{choices.length === 0 ? texts.operatorNone : texts.operatorHint}</Field.HelperText>
    </Field.Root>
  );
};
