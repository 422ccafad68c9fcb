import { Button, Field, Flex, Grid, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { type FormEvent, useState } from "react";

import type { Edit } from "src/api/hooks";
import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { settable, titleOf, typedValue, withEdit } from "src/views/edits";
import { OperatorField, type Operators } from "src/views/OperatorField";
import { OtherService, type Services } from "src/views/generateParts";
import { type Argument, literalOf, type Spec } from "src/views/generateSpec";

const texts = strings.form;

type Mentions = Parameters<typeof Services>[0]["mentions"];
const NONE: Mentions = [];
const NO_OPERATORS: Operators = [];

/** One value with its button; Enter sets it too. */
const Setting = ({
  kind = "text",
  label,
  onSet,
  placeholder,
  read,
  value,
}: {
  readonly kind?: string;
  readonly label: string;
  readonly onSet: (value: boolean | number | string) => void;
  readonly placeholder?: string;
  readonly read: (text: string) => boolean | number | string | undefined;
  readonly value: string;
}) => {
  const [text, setText] = useState(value);
  const typed = read(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== undefined && text !== value) {
      onSet(typed);
    }
  };

  return (
    <form onSubmit={submit}>
      <Flex align="end" gap={2}>
        <Field.Root invalid={text !== value && typed === undefined}>
          <Field.Label>{label}</Field.Label>
          <Input
            onChange={(event) => setText(event.target.value)}
            placeholder={placeholder}
            size="sm"
            type={kind}
            value={text}
          />
          <Field.ErrorText>{texts.badValue}</Field.ErrorText>
        </Field.Root>
        <Button
          aria-label={`${texts.set}: ${label}`}
          disabled={typed === undefined || text === value}
          size="sm"
          type="submit"
          variant="outline"
        >
          {texts.set}
        </Button>
      </Flex>
    </form>
  );
};

const whole = (least: number) => (text: string) => {
  const number = Number(text);

  return text.trim() !== "" && Number.isInteger(number) && number >= least ? number : undefined;
};

const shown = (argument: Argument): string => {
  const value = literalOf(argument);

  return value === undefined || value === null ? "" : String(value);
};

/** The spec in forms: schedule, retries, and the arguments of each task's operator. */
export const SpecForm = ({
  edits,
  mentions = NONE,
  onEdits,
  onText,
  operators = NO_OPERATORS,
  spec,
  text = "",
}: {
  readonly edits: ReadonlyArray<Edit>;
  readonly mentions?: Mentions;
  readonly onEdits: (edits: ReadonlyArray<Edit>) => void;
  readonly onText?: (text: string) => void;
  readonly operators?: Operators;
  readonly spec: Spec;
  readonly text?: string;
}) => {
  const [chosen, setChosen] = useState("");
  const task = spec.tasks?.find((item) => item.task_id === chosen);
  const taskId = task?.task_id ?? "";
  // What another service would change is the words, and with them all tasks that these name.
  const meant = mentions.filter((item) => item.role !== "passing" && task?.services?.includes(item.service) === true);
  const retry = task === undefined ? spec.retry : (task.retry ?? spec.retry);
  const set = (edit: Omit<Edit, "name" | "task_id"> & Partial<Edit>) =>
    onEdits(withEdit(edits, { name: "", task_id: taskId, ...edit }));

  return (
    <Section title={texts.title}>
      <Stack gap={3}>
        <Text color="fg.muted" fontSize="sm">
          {texts.hint}
        </Text>
        <Setting
          key={`schedule ${spec.schedule?.words ?? ""}`}
          label={texts.schedule}
          onSet={(value) => set({ task_id: "", value, what: "schedule" })}
          placeholder={texts.schedulePlaceholder}
          read={(text) => text}
          value={spec.schedule?.words ?? ""}
        />
        <NativeSelect.Root size="sm">
          <NativeSelect.Field aria-label={texts.task} onChange={(event) => setChosen(event.target.value)} value={taskId}>
            <option value="">{texts.dag}</option>
            {spec.tasks?.map((item) => (
              <option key={item.task_id} value={item.task_id}>
                {item.task_id}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
        {task === undefined ? undefined : (
          <OperatorField edits={edits} onEdits={onEdits} operators={operators} task={task} />
        )}
        {onText === undefined ? undefined : (
          <Flex gap={2} wrap="wrap">
            {meant.map((mention) => (
              <OtherService key={mention.span[0]} mention={mention} onText={onText} text={text} />
            ))}
          </Flex>
        )}
        <Grid gap={3} templateColumns={{ base: "minmax(0, 1fr)", md: "minmax(0, 1fr) minmax(0, 1fr)" }}>
          <Setting
            key={`retries ${taskId} ${retry?.retries ?? ""}`}
            kind="number"
            label={texts.retries}
            onSet={(value) => set({ value, what: "retries" })}
            read={whole(0)}
            value={String(retry?.retries ?? "")}
          />
          <Setting
            key={`delay ${taskId} ${retry?.delay_seconds ?? ""}`}
            kind="number"
            label={texts.delay}
            onSet={(value) => set({ value, what: "retry_delay" })}
            read={whole(1)}
            value={String(retry?.delay_seconds ?? "")}
          />
          {task === undefined
            ? undefined
            : settable(task).map((argument) => (
                <Setting
                  key={`${taskId} ${argument.name} ${shown(argument)}`}
                  label={argument.name}
                  onSet={(value) => set({ name: argument.name, value, what: "argument" })}
                  read={(text) => typedValue(argument, text)}
                  value={shown(argument)}
                />
              ))}
        </Grid>
        {edits.length === 0 ? undefined : (
          <Stack aria-label={texts.undone} gap={1} role="group">
            {edits.map((edit) => (
              <Button
                alignSelf="start"
                aria-label={texts.left(titleOf(edit))}
                key={titleOf(edit)}
                onClick={() => onEdits(edits.filter((item) => item !== edit))}
                size="xs"
                variant="subtle"
              >
                {titleOf(edit)} ✕
              </Button>
            ))}
          </Stack>
        )}
      </Stack>
    </Section>
  );
};
