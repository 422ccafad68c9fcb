import { Badge, Box, Flex, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { useInsights } from "src/api/monitoring";
import { moment } from "src/ui/format";
import { dagPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

const texts = strings.monitor;

/** What was found about performance, with how many runs or tries it rests on. */
export const InsightList = ({ dagId = "" }: { readonly dagId?: string }) => {
  const pages = useInsights(dagId);

  return (
    <Answered query={pages}>
      {(page) =>
        page.insights.length === 0 ? (
          <EmptyState title={texts.noInsight} />
        ) : (
          <>
            {page.insights.map((insight) => (
              <Box key={insight.fingerprint} mb={2}>
                <Flex align="center" gap={2} wrap="wrap">
                  <Badge>{insight.kind.replaceAll("_", " ")}</Badge>
                  {insight.dag_id === "" ? undefined : <Link to={dagPage(insight.dag_id)}>{insight.dag_id}</Link>}
                  <Text color="fg.muted" fontSize="sm">
                    {texts.rests(insight.samples, moment(insight.last_seen_at))}
                  </Text>
                </Flex>
                <Text fontSize="sm">{insight.message}</Text>
                <Rate brief dagId={insight.dag_id} subject="insight" subjectId={insight.fingerprint} />
              </Box>
            ))}
            <MoreButton more={pages.more} />
          </>
        )
      }
    </Answered>
  );
};
