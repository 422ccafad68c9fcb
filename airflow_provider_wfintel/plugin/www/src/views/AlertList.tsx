import { Badge, Box, Button, Flex, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { type Alert, useActOnAlert, useAlertPages } from "src/api/alerts";
import { ApiError } from "src/api/client";
import { useChoice } from "src/ui/address";
import { moment } from "src/ui/format";
import { dagPage, runPage, taskPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState, ErrorAlert } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

const texts = strings.alerts;
const STATUSES: ReadonlyArray<Alert["status"]> = ["firing", "acknowledged", "silenced", "muted", "resolved"];
type Choice = Alert["status"] | "all";
const CHOICES: ReadonlyArray<Choice> = ["all", ...STATUSES];
const COLORS: Record<string, string> = { critical: "red", error: "red", info: "blue", warning: "orange" };
const SILENCE_MINUTES = 60;

const placeOf = (alert: Alert) => {
  if (alert.dag_id === "") {
    return undefined;
  }
  if (alert.run_id === "") {
    return dagPage(alert.dag_id);
  }

  return alert.task_id === ""
    ? runPage(alert.dag_id, alert.run_id)
    : taskPage(alert.dag_id, alert.run_id, alert.task_id, alert.map_index);
};

const AlertRow = ({ alert }: { readonly alert: Alert }) => {
  const act = useActOnAlert(alert.alert_id);
  const place = placeOf(alert);
  const over = alert.status === "resolved";

  return (
    <Box borderRadius="md" borderWidth={1} p={3}>
      <Flex gap={2} justify="space-between" wrap="wrap">
        <Box minW={0}>
          <Flex align="center" gap={2} wrap="wrap">
            <Badge colorPalette={COLORS[alert.severity]}>{alert.severity}</Badge>
            <Badge variant="outline">{alert.status}</Badge>
            {place === undefined ? <Text fontWeight="medium">{alert.title}</Text> : <Link to={place}>{alert.title}</Link>}
          </Flex>
          <Text fontSize="sm">{alert.message}</Text>
          <Text color="fg.muted" fontSize="sm">
            {texts.since(moment(alert.started_at), alert.told ? alert.receivers.join(", ") : "")}
          </Text>
        </Box>
        {over ? undefined : (
          <Flex align="start" gap={2} wrap="wrap">
            <Button
              disabled={act.isPending || alert.status === "acknowledged"}
              onClick={() => act.mutate({ act: "ack" })}
              size="xs"
              variant="outline"
            >
              {texts.acknowledge}
            </Button>
            <Button
              disabled={act.isPending || alert.status === "silenced"}
              onClick={() => act.mutate({ act: "silence", minutes: SILENCE_MINUTES })}
              size="xs"
              variant="outline"
            >
              {texts.silence}
            </Button>
            <Button disabled={act.isPending} onClick={() => act.mutate({ act: "resolve" })} size="xs" variant="outline">
              {texts.resolve}
            </Button>
          </Flex>
        )}
      </Flex>
      <Rate brief dagId={alert.dag_id} subject="alert" subjectId={alert.alert_id} />
      {act.isSuccess ? (
        <Text aria-live="polite" color="fg.muted" fontSize="sm">
          {texts.taken}
        </Text>
      ) : undefined}
      {act.error === null ? undefined : (
        <ErrorAlert hint={act.error instanceof ApiError ? act.error.hint : undefined} title={act.error.message} />
      )}
    </Box>
  );
};

/** What is wrong now, the newest first. */
export const AlertList = ({ dagId = "" }: { readonly dagId?: string }) => {
  const [chosen, setStatus] = useChoice("alerts", CHOICES, "firing");
  const status = chosen === "all" ? "" : chosen;
  const pages = useAlertPages(status, dagId);

  return (
    <Stack gap={2}>
      <NativeSelect.Root maxW="280px" size="sm">
        <NativeSelect.Field
          aria-label={texts.filter}
          onChange={(event) => setStatus(event.target.value as Choice)}
          value={chosen}
        >
          <option value="all">{texts.all}</option>
          {STATUSES.map((item) => (
            <option key={item} value={item}>
              {item}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <Answered query={pages}>
        {(page) =>
          page.alerts.length === 0 ? (
            <EmptyState title={status === "firing" ? texts.quiet : texts.none} />
          ) : (
            <>
              {page.alerts.map((alert) => (
                <AlertRow alert={alert} key={alert.alert_id} />
              ))}
              <MoreButton more={pages.more} />
            </>
          )
        }
      </Answered>
    </Stack>
  );
};
