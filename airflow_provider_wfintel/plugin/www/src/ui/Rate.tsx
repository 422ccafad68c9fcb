import { Button, Flex, Input, Text } from "@chakra-ui/react";
import { useState } from "react";

import type { Body } from "src/api/client";
import { useFeedback } from "src/api/hooks";
import { ErrorAlert } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.rate;
const STARS = [1, 2, 3, 4, 5];

/** Asks what a person thinks of one answer. It can be said again; the last word counts. */
export const Rate = ({
  dagId = "",
  subject,
  subjectId,
}: {
  readonly dagId?: string;
  readonly subject: Body<"FeedbackBody">["subject"];
  readonly subjectId: string;
}) => {
  const [rating, setRating] = useState<number>();
  const [comment, setComment] = useState("");
  const feedback = useFeedback();
  const tell = (given: number) => {
    setRating(given);
    feedback.mutate({
      comment,
      corrections: [],
      dag_id: dagId,
      rating: given,
      saved_source: "",
      subject,
      subject_id: subjectId.slice(0, 250),
      verdict: given >= 3 ? "accepted" : "rejected",
    });
  };

  return (
    <Flex align="center" gap={2} wrap="wrap">
      <Text fontSize="sm">{texts.question}</Text>
      <Flex aria-label={texts.question} role="group">
        {STARS.map((star) => (
          <Button
            aria-label={texts.stars(star)}
            aria-pressed={rating !== undefined && star <= rating}
            key={star}
            onClick={() => tell(star)}
            px={1}
            size="xs"
            variant="ghost"
          >
            {rating !== undefined && star <= rating ? "★" : "☆"}
          </Button>
        ))}
      </Flex>
      <Input
        aria-label={texts.comment}
        maxLength={10_000}
        maxW="320px"
        onBlur={() => (rating === undefined || comment === "" ? undefined : tell(rating))}
        onChange={(event) => setComment(event.target.value)}
        placeholder={texts.comment}
        size="xs"
        value={comment}
      />
      {feedback.isSuccess ? (
        <Text aria-live="polite" color="fg.muted" fontSize="sm">
          {texts.thanks}
        </Text>
      ) : undefined}
      {feedback.error === null ? undefined : <ErrorAlert title={feedback.error.message} />}
    </Flex>
  );
};
