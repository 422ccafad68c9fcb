import { Badge, Table, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useServicePages } from "src/api/monitoring";
import { DataTable } from "src/ui/DataTable";
import { duration, moment } from "src/ui/format";
import { dagPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Service = Body<"ServiceStatusBody">;
const texts = strings.services;
const SHOWN = 5;
const COLORS: Record<string, string> = { missing: "orange", ok: "green", refused: "red", unreachable: "red" };

const ServiceRow = ({ service }: { readonly service: Service }) => (
  <Table.Row>
    <Table.Cell>{service.conn_id}</Table.Cell>
    <Table.Cell>
      {service.last === null ? (
        <Text color="fg.muted">{texts.notLooked}</Text>
      ) : (
        <>
          <Badge colorPalette={COLORS[service.last.state]}>{service.last.state}</Badge>{" "}
          <Text as="span" color="fg.muted" fontSize="sm">
            {service.last.message}
          </Text>
        </>
      )}
    </Table.Cell>
    <Table.Cell whiteSpace="nowrap">{moment(service.last?.checked_at)}</Table.Cell>
    <Table.Cell whiteSpace="nowrap">{texts.looks(service.ok, service.looks, duration(service.mean_latency_seconds))}</Table.Cell>
    <Table.Cell>
      {service.dag_ids.slice(0, SHOWN).map((id, index) => (
        <span key={id}>
          {index === 0 ? "" : ", "}
          <Link to={dagPage(id)}>{id}</Link>
        </span>
      ))}
      {service.dag_ids.length > SHOWN ? texts.others(service.dag_ids.length - SHOWN) : ""}
    </Table.Cell>
  </Table.Row>
);

/** The services behind the connections that DAGs use: how each was when a worker last looked. */
export const ServiceList = () => {
  const pages = useServicePages();

  return (
    <Answered query={pages}>
      {({ services }) =>
        services.length === 0 ? (
          <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>
        ) : (
          <>
            <DataTable columns={texts.columns} label={texts.title} minWidth={760}>
              {services.map((service) => (
                <ServiceRow key={service.conn_id} service={service} />
              ))}
            </DataTable>
            <MoreButton more={pages.more} />
          </>
        )
      }
    </Answered>
  );
};
