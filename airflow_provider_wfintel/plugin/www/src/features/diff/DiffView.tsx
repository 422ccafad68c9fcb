import { Box, Button, Flex } from "@chakra-ui/react";
import { useMemo, useState } from "react";

import { strings } from "src/ui/strings";
import { type DiffLine, patchLines, sideBySide } from "./lines";

const SIGNS = { added: "+", fold: " ", kept: " ", removed: "-" } as const;
const FILLS = { added: "green.subtle", fold: "bg.muted", kept: undefined, removed: "red.subtle" } as const;

const Side = ({ line, number }: { readonly line?: DiffLine; readonly number?: number }) => (
  <Flex bg={line === undefined ? "bg.muted" : FILLS[line.kind]} minH="1.4em" minW={0} whiteSpace="pre">
    <Box
      as="span"
      // On a coloured ground the muted grey cannot be read.
      color={line?.kind === "added" || line?.kind === "removed" ? "fg" : "fg.muted"}
      flexShrink={0}
      pr={2}
      textAlign="right"
      userSelect="none"
      w="5ch"
    >
      {number ?? ""}
    </Box>
    <Box as="span" flexShrink={0} userSelect="none" w="2ch">
      {line === undefined ? "" : SIGNS[line.kind]}
    </Box>
    <Box as="span">{line?.text}</Box>
  </Flex>
);

/** What a rewrite changes in a file: one below the other, or side by side. */
export const DiffView = ({ patch }: { readonly patch: string }) => {
  const [split, setSplit] = useState(false);
  const lines = useMemo(() => patchLines(patch), [patch]);

  return (
    <Box>
      <Flex gap={2} justify="end" mb={2}>
        <Button aria-pressed={!split} onClick={() => setSplit(false)} size="xs" variant={split ? "outline" : "subtle"}>
          {strings.diff.unified}
        </Button>
        <Button aria-pressed={split} onClick={() => setSplit(true)} size="xs" variant={split ? "subtle" : "outline"}>
          {strings.diff.split}
        </Button>
      </Flex>
      <Box aria-label={strings.diff.title} borderRadius="md" borderWidth={1} fontFamily="mono" fontSize="xs" maxH="560px" overflow="auto" role="region" tabIndex={0}>
        {split
          ? sideBySide(lines).map((pair, index) => (
              <Box display="grid" gridTemplateColumns="minmax(0, 1fr) minmax(0, 1fr)" key={index} overflow="hidden">
                <Side line={pair.left} number={pair.left?.oldNumber} />
                <Side line={pair.right} number={pair.right?.newNumber} />
              </Box>
            ))
          : lines.map((line, index) => <Side key={index} line={line} number={line.newNumber ?? line.oldNumber} />)}
      </Box>
    </Box>
  );
};
