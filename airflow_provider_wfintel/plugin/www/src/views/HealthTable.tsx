import { Badge, Flex, Table, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useHealthPages } from "src/api/monitoring";
import { DataTable } from "src/ui/DataTable";
import { percent } from "src/ui/format";
import { dagPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Dag = Body<"DagHealthBody">;
type Group = Body<"GroupHealthBody">;
const texts = strings.monitor;
const GOOD = 90;
const FAIR = 70;

const color = (score: number) => (score >= GOOD ? "green" : score >= FAIR ? "yellow" : "red");

export const Score = ({ enough, score }: { readonly enough: boolean; readonly score: number }) => (
  <Badge colorPalette={enough ? color(score) : "gray"} variant="surface">
    {score.toFixed(0)}
    {enough ? "" : ` · ${texts.fewRuns}`}
  </Badge>
);

const DagRow = ({ dag }: { readonly dag: Dag }) => (
  <Table.Row>
    <Table.Cell>
      <Link to={`${dagPage(dag.dag_id)}/plugin/wfintel_dag`}>{dag.dag_id}</Link>
    </Table.Cell>
    <Table.Cell>
      <Score enough={dag.enough_runs} score={dag.score} />
    </Table.Cell>
    <Table.Cell>{percent(dag.failure_probability)}</Table.Cell>
    <Table.Cell>{percent(dag.miss_probability)}</Table.Cell>
    <Table.Cell>{dag.reasons.map((reason) => reason.text).join("; ")}</Table.Cell>
    <Table.Cell>{dag.runs}</Table.Cell>
  </Table.Row>
);

const Groups = ({ groups }: { readonly groups: ReadonlyArray<Group> }) => (
  <Flex gap={4} mb={3} wrap="wrap">
    {groups.map((group) => (
      <StatCard
        detail={texts.worst(group.dags, group.worst_dag)}
        key={group.name}
        label={group.name}
        value={group.score.toFixed(0)}
      />
    ))}
  </Flex>
);

/** Health of tags, owners and DAGs, the worst first, with what moves each score. */
export const HealthTable = () => {
  const pages = useHealthPages();

  return (
    <Answered query={pages} rows={6}>
      {(health) =>
        health.dags.length === 0 ? (
          <EmptyState title={texts.noHealth}>{texts.noHealthHint}</EmptyState>
        ) : (
          <>
            <Groups groups={health.groups} />
            <DataTable columns={texts.healthColumns} label={texts.health} minWidth={760}>
              {health.dags.map((dag) => (
                <DagRow dag={dag} key={dag.dag_id} />
              ))}
            </DataTable>
            <MoreButton more={pages.more} />
            <Text color="fg.muted" fontSize="sm" mt={2}>
              {health.calibrated_runs === 0 ? texts.notCalibrated : texts.calibrated(health.calibrated_runs)}
            </Text>
          </>
        )
      }
    </Answered>
  );
};
