import { Badge, Box, Button, Code, Flex, List, Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import { Link } from "react-router-dom";

import { ApiError, type Body } from "src/api/client";
import { isOpen, useActOnSession, useOffers } from "src/api/sessions";
import { moment, percent } from "src/ui/format";
import { taskPage } from "src/ui/links";
import { Answered, ErrorAlert, Section } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { Diagnosis } from "src/views/Diagnosis";

type Detail = Body<"SessionDetailBody">;
type Offer = Body<"OfferBody">;
/** A dry run, and of which remedy: its answer tells about all that fit. */
type Dry = { readonly answer: Body<"ResolutionBody">; readonly remedy: string };
const texts = strings.session;

export const statusColor: Record<Body<"SessionBody">["status"], string> = {
  auto_resolved: "green",
  closed: "gray",
  escalated: "orange",
  in_progress: "blue",
  manual_intervention_required: "orange",
  resolved: "green",
};

const Steps = ({ steps }: { readonly steps: ReadonlyArray<string> }) => (
  <List.Root as="ol" fontSize="sm" ps={5}>
    {steps.map((step) => (
      <List.Item key={step}>{step}</List.Item>
    ))}
  </List.Root>
);

/** What the remedy would do, as the dry run says it if there was one. */
const stepsOf = (offer: Offer, dry: Dry | undefined): ReadonlyArray<string> => {
  if (dry?.remedy !== offer.remedy) {
    return offer.steps;
  }
  const { offers, steps } = dry.answer;

  return steps.length > 0 ? steps : (offers.find((item) => item.remedy === offer.remedy)?.steps ?? offer.steps);
};

/** A remedy: what it would do exactly comes before the button that does it. */
const OfferBox = ({
  busy,
  dry,
  offer,
  onAct,
}: {
  readonly busy: boolean;
  readonly dry: Dry | undefined;
  readonly offer: Offer;
  readonly onAct: (mode: "apply" | "dry_run") => void;
}) => (
  <Box borderRadius="md" borderWidth={1} mb={2} p={3}>
    <Flex align="center" gap={2} justify="space-between" wrap="wrap">
      <Box>
        <Text fontWeight="medium">{offer.remedy.replaceAll("_", " ")}</Text>
        <Text color="fg.muted" fontSize="sm">
          {offer.because}
        </Text>
      </Box>
      <Badge title={texts.rests(offer.helped, offer.failed)}>{texts.odds(percent(offer.odds))}</Badge>
    </Flex>
    <Steps steps={stepsOf(offer, dry)} />
    <Text color="fg.muted" fontSize="sm">
      {texts.policy(offer.answer, offer.reason)}
    </Text>
    <Flex gap={2} mt={2}>
      <Button disabled={busy} onClick={() => onAct("dry_run")} size="xs" variant="outline">
        {texts.dryRun}
      </Button>
      <Button disabled={busy || dry?.remedy !== offer.remedy} onClick={() => onAct("apply")} size="xs">
        {texts.apply}
      </Button>
      {offer.undoable ? <Badge variant="outline">{texts.undoable}</Badge> : undefined}
    </Flex>
  </Box>
);

const Attempts = ({ attempts, dagId }: { readonly attempts: Detail["attempts"]; readonly dagId: string }) =>
  attempts.length === 0 ? undefined : (
    <Section title={texts.attempts}>
      {attempts.map((attempt) => (
        <Box key={attempt.attempt_id} mb={2}>
          <Flex gap={2} wrap="wrap">
            <Text fontWeight="medium">{attempt.remedy.replaceAll("_", " ")}</Text>
            <Badge>{attempt.status}</Badge>
            <Text color="fg.muted" fontSize="sm">
              {texts.who(attempt.actor, moment(attempt.requested_at))}
            </Text>
          </Flex>
          <Steps steps={attempt.steps} />
          <Rate brief dagId={dagId} subject="remedy" subjectId={attempt.attempt_id} />
        </Box>
      ))}
    </Section>
  );

const Similar = ({ similar }: { readonly similar: Detail["similar"] }) =>
  similar.length === 0 ? undefined : (
    <Section title={texts.similar}>
      {similar.map((item) => (
        <Text fontSize="sm" key={item.session_id}>
          {texts.helped(`${item.dag_id}.${item.task_id}`, item.remedy.replaceAll("_", " "), moment(item.closed_at))}
        </Text>
      ))}
    </Section>
  );

/** A session from its cause to its outcome. */
export const SessionView = ({
  detail,
  onEvidence,
  withDiagnosis = true,
}: {
  readonly detail: Detail;
  readonly onEvidence?: (quote: string) => void;
  readonly withDiagnosis?: boolean;
}) => {
  const { attempts, session, similar } = detail;
  const act = useActOnSession(session.session_id);
  const [dry, setDry] = useState<Dry>();
  const open = isOpen(session);
  const offers = useOffers(session);
  const acted = attempts.some((attempt) => attempt.status === "applied");
  const undoable = attempts.some((attempt) => attempt.undoable && attempt.undone_at === null && attempt.applied_at !== null);
  const resolve = (remedy: string, mode: "apply" | "dry_run") =>
    act.mutate(
      { act: "resolve", mode, remedy },
      { onSuccess: (answer) => setDry(mode === "dry_run" && answer !== undefined ? { answer, remedy } : undefined) },
    );

  return (
    <Stack gap={4}>
      <Flex align="center" gap={2} wrap="wrap">
        <Badge colorPalette={statusColor[session.status]}>{session.status.replaceAll("_", " ")}</Badge>
        <Link to={taskPage(session.dag_id, session.run_id, session.task_id, session.map_index)}>
          {session.dag_id}.{session.task_id}
        </Link>
        <Text color="fg.muted" fontSize="sm">
          {texts.since(session.try_number, moment(session.opened_at))}
        </Text>
      </Flex>
      {session.reason === "" ? undefined : <Text>{session.reason}</Text>}
      {withDiagnosis ? <Diagnosis diagnosis={session} onEvidence={onEvidence} /> : undefined}
      <Section title={texts.remedies}>
        <Answered query={offers} rows={2}>
          {(items) =>
            items.length === 0 ? (
              <Text color="fg.muted">{texts.noRemedy}</Text>
            ) : (
              <>
                {items.map((offer) => (
                  <OfferBox
                    busy={act.isPending || !open}
                    dry={dry}
                    key={offer.remedy}
                    offer={offer}
                    onAct={(mode) => resolve(offer.remedy, mode)}
                  />
                ))}
              </>
            )
          }
        </Answered>
        {act.error === null ? undefined : (
          <ErrorAlert hint={act.error instanceof ApiError ? act.error.hint : undefined} title={act.error.message} />
        )}
        {act.data?.proposals.map((proposal) => (
          <Box key={proposal.title} mt={2}>
            <Text fontWeight="medium">{proposal.title}</Text>
            <Code display="block" p={2} whiteSpace="pre-wrap">
              {proposal.text}
            </Code>
          </Box>
        ))}
      </Section>
      <Attempts attempts={attempts} dagId={session.dag_id} />
      <Similar similar={similar} />
      <Flex gap={2} wrap="wrap">
        {acted ? (
          <Button loading={act.isPending} onClick={() => act.mutate({ act: "verify" })} size="xs" variant="outline">
            {texts.verify}
          </Button>
        ) : undefined}
        {undoable ? (
          <Button loading={act.isPending} onClick={() => act.mutate({ act: "undo" })} size="xs" variant="outline">
            {texts.undo}
          </Button>
        ) : undefined}
        {open ? (
          <Button
            loading={act.isPending}
            onClick={() => act.mutate({ act: "close", status: "closed" })}
            size="xs"
            variant="outline"
          >
            {texts.close}
          </Button>
        ) : undefined}
      </Flex>
      {withDiagnosis ? <Rate dagId={session.dag_id} subject="diagnosis" subjectId={session.session_id} /> : undefined}
    </Stack>
  );
};
