import { Button, Flex, Input, Text } from "@chakra-ui/react";
import { useState } from "react";

import type { Body } from "src/api/client";
import { useFeedback } from "src/api/hooks";
import { ErrorAlert } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { Thumb } from "src/ui/Thumb";

type Verdict = "accepted" | "rejected";
type Said = { readonly comment: string; readonly rating?: number; readonly verdict?: Verdict };

const texts = strings.rate;
const STARS = [1, 2, 3, 4, 5];
const THUMBS: ReadonlyArray<Verdict> = ["accepted", "rejected"];

const Thumbs = ({ onSay, verdict }: { readonly onSay: (verdict: Verdict) => void; readonly verdict?: Verdict }) => (
  <Flex aria-label={texts.thumbs} role="group">
    {THUMBS.map((item) => (
      <Button
        aria-label={item === "accepted" ? texts.right : texts.wrong}
        aria-pressed={verdict === item}
        key={item}
        onClick={() => onSay(item)}
        px={1}
        size="xs"
        variant={verdict === item ? "solid" : "ghost"}
      >
        <Thumb up={item === "accepted"} />
      </Button>
    ))}
  </Flex>
);

const Stars = ({ onSay, rating }: { readonly onSay: (rating: number) => void; readonly rating?: number }) => (
  <Flex aria-label={texts.rating} role="group">
    {STARS.map((star) => (
      <Button
        aria-label={texts.stars(star)}
        aria-pressed={rating !== undefined && star <= rating}
        key={star}
        onClick={() => onSay(star)}
        px={1}
        size="xs"
        variant="ghost"
      >
        {rating !== undefined && star <= rating ? "★" : "☆"}
      </Button>
    ))}
  </Flex>
);

/** Asks what a person thinks of one answer: a thumb, 1 to 5, a comment. It can be said again; the last word counts.
 *
 * `brief` shows the thumbs only until one is given, for answers that stand in a list. `verdict` is for those whose thumb
 * has words of its own elsewhere on the page.
 */
export const Rate = ({
  brief = false,
  dagId = "",
  subject,
  subjectId,
  verdict: elsewhere,
}: {
  readonly brief?: boolean;
  readonly dagId?: string;
  readonly subject: Body<"FeedbackBody">["subject"];
  readonly subjectId: string;
  readonly verdict?: Verdict;
}) => {
  const [said, setSaid] = useState<Said>({ comment: "" });
  const feedback = useFeedback();
  const verdict = elsewhere ?? said.verdict;
  const tell = (more: Partial<Said>) => {
    const next = { ...said, ...more };
    const thumb = elsewhere ?? next.verdict;

    setSaid(next);
    feedback.mutate({
      comment: next.comment,
      corrections: [],
      dag_id: dagId,
      rating: next.rating ?? null,
      saved_source: "",
      subject,
      subject_id: subjectId.slice(0, 250),
      verdict: thumb ?? ((next.rating ?? 0) >= 3 ? "accepted" : "rejected"),
    });
  };

  return (
    <Flex align="center" gap={2} wrap="wrap">
      <Text fontSize="sm">{texts.question}</Text>
      {elsewhere === undefined ? <Thumbs onSay={(item) => tell({ verdict: item })} verdict={verdict} /> : undefined}
      {brief && verdict === undefined ? undefined : (
        <>
          <Stars onSay={(rating) => tell({ rating })} rating={said.rating} />
          <Input
            aria-label={texts.comment}
            maxLength={10_000}
            maxW="320px"
            onBlur={() => (said.comment === "" || (verdict ?? said.rating) === undefined ? undefined : tell({}))}
            onChange={(event) => setSaid({ ...said, comment: event.target.value })}
            placeholder={texts.comment}
            size="xs"
            value={said.comment}
          />
        </>
      )}
      {feedback.isSuccess ? (
        <Text aria-live="polite" color="fg.muted" fontSize="sm">
          {texts.thanks}
        </Text>
      ) : undefined}
      {feedback.error === null ? undefined : <ErrorAlert title={feedback.error.message} />}
    </Flex>
  );
};
