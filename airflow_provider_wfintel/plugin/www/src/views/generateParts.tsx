import { Badge, Box, Button, Flex, List, NativeSelect, Text, Wrap } from "@chakra-ui/react";

import type { Body } from "src/api/client";
import { percent } from "src/ui/format";
import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { withAnswer } from "src/views/generateSpec";
import { Needs } from "src/views/Needs";

type Generation = Body<"GenerationBody">;
type Remark = { readonly about: string; readonly text: string };

const texts = strings.generate;

/** The description with other words in the place of a name. Offsets count characters as Python does. */
const withName = (text: string, [start, end]: readonly [number, number], name: string) => {
  const letters = [...text];

  return letters.slice(0, start).join("") + name + letters.slice(end).join("");
};

type Mention = Generation["mentions"][number];

/** Another service for a name of the description, where another one could be meant: the description then says so. */
export const OtherService = ({
  mention,
  onText,
  text,
}: {
  readonly mention: Mention;
  readonly onText: (text: string) => void;
  readonly text: string;
}) =>
  mention.alternatives.length === 0 ? undefined : (
    <NativeSelect.Root maxW="180px" size="xs">
      <NativeSelect.Field
        aria-label={texts.meant(mention.service)}
        onChange={(event) => onText(withName(text, mention.span, event.target.value.replaceAll("_", " ")))}
        value=""
      >
        <option value="">{texts.orElse(mention.alternatives.join(", "))}</option>
        {mention.alternatives.map((other) => (
          <option key={other} value={other}>
            {other}
          </option>
        ))}
      </NativeSelect.Field>
      <NativeSelect.Indicator />
    </NativeSelect.Root>
  );

/** The services that were understood; where another one could be meant, it can be chosen, and is then written so. */
export const Services = ({
  mentions,
  onText,
  text,
}: {
  readonly mentions: Generation["mentions"];
  readonly onText?: (text: string) => void;
  readonly text?: string;
}) => {
  const meant = mentions.filter((mention) => mention.role !== "passing");

  return meant.length === 0 ? undefined : (
    <Section title={texts.services}>
      <Wrap>
        {meant.map((mention) => (
          <Flex align="center" gap={1} key={`${mention.service}-${mention.span[0]}`}>
            <Badge title={mention.role} variant="surface">
              {mention.service} · {mention.role} · {percent(mention.confidence)}
            </Badge>
            {onText === undefined || text === undefined ? undefined : (
              <OtherService mention={mention} onText={onText} text={text} />
            )}
          </Flex>
        ))}
      </Wrap>
    </Section>
  );
};

const Remarks = ({ items, title }: { readonly items: ReadonlyArray<Remark>; readonly title: string }) =>
  items.length === 0 ? undefined : (
    <Section title={title}>
      <List.Root ps={4}>
        {items.map((item) => (
          <List.Item key={`${item.about}${item.text}`}>{item.text}</List.Item>
        ))}
      </List.Root>
    </Section>
  );

/** Questions with their answers as buttons: an answer becomes a sentence of the description. */
export const Questions = ({
  items,
  onAnswer,
}: {
  readonly items: Generation["clarifications"];
  readonly onAnswer: (question: Generation["clarifications"][number], option: string) => void;
}) =>
  items.length === 0 ? undefined : (
    <Section title={texts.questions}>
      {items.map((item) => (
        <Box key={`${item.about}${item.text}`} mb={2}>
          <Text>{item.text}</Text>
          <Wrap mt={1}>
            {item.options.map((option) => (
              <Button key={option} onClick={() => onAnswer(item, option)} size="xs" variant="outline">
                {option}
              </Button>
            ))}
          </Wrap>
        </Box>
      ))}
    </Section>
  );

export const Notes = ({
  answer,
  onAdd,
  onText,
}: {
  readonly answer: Generation;
  readonly onAdd: (sentence: string) => void;
  readonly onText: (text: string) => void;
}) => (
  <>
    <Questions
      items={answer.clarifications}
      onAnswer={(question, option) => onText(withAnswer(answer.text, question, option))}
    />
    <Remarks items={answer.warnings} title={texts.warnings} />
    <Remarks items={answer.unused.map((item) => ({ about: String(item.span[0]), text: item.words }))} title={texts.unused} />
    <Remarks items={answer.assumptions} title={texts.assumptions} />
    {answer.suggestions.length === 0 ? undefined : (
      <Section title={texts.suggestions}>
        {answer.suggestions.map((item) => (
          <Flex align="start" gap={2} justify="space-between" key={item.id} mb={2}>
            <Box>
              <Text>{item.text}</Text>
              <Text color="fg.muted" fontSize="sm">
                {item.reason}
              </Text>
            </Box>
            <Button aria-label={`${texts.take}: ${item.text}`} onClick={() => onAdd(item.sentence)} size="xs" variant="outline">
              {texts.take}
            </Button>
          </Flex>
        ))}
      </Section>
    )}
    <Needs answer={answer} />
  </>
);
