import { Box } from "@chakra-ui/react";

export type Marking = { readonly end: number; readonly id: string; readonly start: number };
type Piece = { readonly ids: ReadonlyArray<string>; readonly text: string };

/** Cut a text where markings begin or end; markings may overlap. Offsets count characters as Python does. */
export const cut = (text: string, markings: ReadonlyArray<Marking>): ReadonlyArray<Piece> => {
  const letters = [...text];
  const edges = [...new Set([0, letters.length, ...markings.flatMap(({ end, start }) => [start, end])])]
    .filter((edge) => edge >= 0 && edge <= letters.length)
    .sort((first, second) => first - second);

  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? letters.length;

    return {
      ids: markings.filter((marking) => marking.start <= start && marking.end >= end).map(({ id }) => id),
      text: letters.slice(start, end).join(""),
    };
  });
};

/** The description with the words behind each task; pointing at some lights the task. */
export const MarkedText = ({
  lit,
  markings,
  onPoint,
  text,
}: {
  readonly lit?: string;
  readonly markings: ReadonlyArray<Marking>;
  readonly onPoint: (id: string | undefined) => void;
  readonly text: string;
}) => (
  <Box onMouseLeave={() => onPoint(undefined)} whiteSpace="pre-wrap">
    {cut(text, markings).map((piece, index) =>
      piece.ids.length === 0 ? (
        <span key={index}>{piece.text}</span>
      ) : (
        <Box
          as="mark"
          bg={lit !== undefined && piece.ids.includes(lit) ? "bg.emphasized" : "bg.muted"}
          borderBottomWidth={2}
          borderColor="border.emphasized"
          color="fg"
          key={index}
          onMouseEnter={() => onPoint(piece.ids[0])}
        >
          {piece.text}
        </Box>
      ),
    )}
  </Box>
);
