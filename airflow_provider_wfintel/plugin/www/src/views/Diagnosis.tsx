import { Badge, Box, Button, Code, Flex, List, Stack, Text, Wrap } from "@chakra-ui/react";

import { percent } from "src/ui/format";
import { ConfidenceBadge, Section } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.troubleshoot;

/** What a diagnosis and a session have in common. */
export type Explained = {
  readonly circumstances?: ReadonlyArray<string>;
  readonly confidence: number;
  readonly evidence: ReadonlyArray<string>;
  readonly explanation: string;
  readonly label: string;
  readonly probabilities?: ReadonlyArray<number>;
  readonly ranked: ReadonlyArray<string>;
  readonly steps: ReadonlyArray<string>;
  readonly transient: boolean | string | null;
};

const nature = (transient: Explained["transient"]): string | undefined => {
  if (transient === null || transient === "unknown") {
    return undefined;
  }
  if (typeof transient === "string") {
    return transient;
  }

  return transient ? "transient" : "permanent";
};

/** One diagnosis: the answer first, then what proves it, then what to do. */
export const Diagnosis = ({
  diagnosis,
  onEvidence,
}: {
  readonly diagnosis: Explained;
  readonly onEvidence?: (quote: string) => void;
}) => (
  <Stack gap={4}>
    <Box>
      <Flex align="center" gap={2} wrap="wrap">
        <Text fontSize="lg" fontWeight="semibold">
          {diagnosis.label === "unknown" ? texts.unknown : diagnosis.label.replaceAll("_", " ")}
        </Text>
        <ConfidenceBadge value={diagnosis.confidence} />
        {nature(diagnosis.transient) === undefined ? undefined : (
          <Badge variant="outline">{nature(diagnosis.transient)}</Badge>
        )}
      </Flex>
      <Text>{diagnosis.explanation}</Text>
    </Box>
    <Section title={texts.evidence}>
      {diagnosis.evidence.length === 0 ? (
        <Text color="fg.muted">{texts.noEvidence}</Text>
      ) : (
        diagnosis.evidence.map((quote) =>
          onEvidence === undefined ? (
            // Without a log to go to, a button would do nothing.
            <Code display="block" fontSize="xs" key={quote} mb={1} p={2} whiteSpace="pre-wrap" wordBreak="break-word">
              {quote}
            </Code>
          ) : (
          <Button
            display="block"
            fontFamily="mono"
            fontSize="xs"
            h="auto"
            key={quote}
            mb={1}
            onClick={() => onEvidence(quote)}
            py={1}
            size="xs"
            textAlign="left"
            variant="subtle"
            whiteSpace="normal"
          >
            {quote}
          </Button>
          ),
        )
      )}
    </Section>
    {diagnosis.circumstances === undefined || diagnosis.circumstances.length === 0 ? undefined : (
      <Section title={texts.circumstances}>
        <List.Root ps={5}>
          {diagnosis.circumstances.map((item) => (
            <List.Item key={item}>{item}</List.Item>
          ))}
        </List.Root>
      </Section>
    )}
    {diagnosis.steps.length === 0 ? undefined : (
      <Section title={texts.steps}>
        <List.Root as="ol" ps={5}>
          {diagnosis.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List.Root>
      </Section>
    )}
    {diagnosis.ranked.length < 2 ? undefined : (
      <Section title={texts.others}>
        <Wrap>
          {diagnosis.ranked.slice(1, 5).map((label, index) => (
            <Badge key={label} variant="surface">
              {label.replaceAll("_", " ")}{" "}
              {diagnosis.probabilities === undefined ? "" : percent(diagnosis.probabilities[index + 1])}
            </Badge>
          ))}
        </Wrap>
      </Section>
    )}
  </Stack>
);
