import { Badge, NativeSelect, Stack, Table, Text } from "@chakra-ui/react";
import { useSearchParams } from "react-router-dom";
import { Link } from "react-router-dom";

import { type SessionStatus, useSessionPages } from "src/api/sessions";
import { DataTable } from "src/ui/DataTable";
import { moment, percent } from "src/ui/format";
import { ownPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { statusColor } from "src/views/SessionView";

const texts = strings.session;
const STATUSES = Object.keys(statusColor) as ReadonlyArray<SessionStatus>;

/** The failed tries that were looked into, the newest first. */
export const SessionList = () => {
  const [search, setSearch] = useSearchParams();
  const status = (search.get("status") ?? "") as SessionStatus | "";
  const sessions = useSessionPages(status);

  return (
    <Stack gap={2}>
      <NativeSelect.Root maxW="280px" size="sm">
        <NativeSelect.Field
          aria-label={texts.filter}
          onChange={(event) => setSearch(event.target.value === "" ? {} : { status: event.target.value })}
          value={status}
        >
          <option value="">{texts.all}</option>
          {STATUSES.map((item) => (
            <option key={item} value={item}>
              {item.replaceAll("_", " ")}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <Answered query={sessions}>
        {(page) =>
          page.sessions.length === 0 ? (
            <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>
          ) : (
            <>
              <DataTable columns={texts.columns} label={texts.title}>
                {page.sessions.map((session) => (
                  <Table.Row key={session.session_id}>
                    <Table.Cell>
                      <Link to={ownPage(`troubleshoot/${session.session_id}`)}>
                        {session.dag_id}.{session.task_id}
                      </Link>
                    </Table.Cell>
                    <Table.Cell>
                      {session.label.replaceAll("_", " ")} <Text as="span" color="fg.muted">{percent(session.confidence)}</Text>
                    </Table.Cell>
                    <Table.Cell>
                      <Badge colorPalette={statusColor[session.status]}>{session.status.replaceAll("_", " ")}</Badge>
                    </Table.Cell>
                    <Table.Cell whiteSpace="nowrap">{moment(session.opened_at)}</Table.Cell>
                  </Table.Row>
                ))}
              </DataTable>
              <MoreButton more={sessions.more} />
              <Text color="fg.muted" fontSize="sm">
                {texts.total(page.sessions.length, page.total)}
              </Text>
            </>
          )
        }
      </Answered>
    </Stack>
  );
};
