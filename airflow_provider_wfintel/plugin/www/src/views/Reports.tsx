import { Box, Button, Flex, Grid, Heading, List, NativeSelect, Stack, Table, Text } from "@chakra-ui/react";
import { useSearchParams } from "react-router-dom";

import type { Body } from "src/api/client";
import { useReport } from "src/api/monitoring";
import { ReportChart } from "src/features/charts/ReportChart";
import { DataTable } from "src/ui/DataTable";
import { Answered, Section } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

const texts = strings.reports;
const PERIODS = [1, 7, 30];
const USUAL = 7;

const ReportTable = ({ table }: { readonly table: Body<"ReportTableBody"> }) => (
  <Box as="section" mb={4}>
    <Heading as="h3" size="sm">
      {table.title}
    </Heading>
    {table.rows.length === 0 ? (
      <Text color="fg.muted">{table.empty}</Text>
    ) : (
      <DataTable columns={table.columns} label={table.title}>
        {table.rows.map((row) => (
          <Table.Row key={row.join("\u0000")}>
            {row.map((cell, index) => (
              <Table.Cell key={table.columns[index]}>{cell}</Table.Cell>
            ))}
          </Table.Row>
        ))}
      </DataTable>
    )}
  </Box>
);

/** The performance report of the last days, to read or to print. */
export const Reports = () => {
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get("days"));
  const days = PERIODS.includes(asked) ? asked : USUAL;

  return (
    <Stack gap={4}>
      <Flex align="center" gap={2} wrap="wrap">
        <NativeSelect.Root maxW="200px" size="sm">
          <NativeSelect.Field
            aria-label={texts.period}
            onChange={(event) => setSearch({ days: event.target.value }, { replace: true })}
            value={days}
          >
            {PERIODS.map((item) => (
              <option key={item} value={item}>
                {texts.days(item)}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
        <Button onClick={() => globalThis.print()} size="sm" variant="outline">
          {texts.print}
        </Button>
      </Flex>
      <Answered query={useReport(days)} rows={8}>
        {(report) => (
          <Box>
            <Heading as="h2" size="md">
              {report.title}
            </Heading>
            <Text color="fg.muted">{report.period}</Text>
            <List.Root my={3} ps={5}>
              {report.summary.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List.Root>
            <Grid gap={4} mb={4} templateColumns={{ base: "minmax(0, 1fr)", lg: "minmax(0, 1fr) minmax(0, 1fr)" }}>
              {report.charts
                .filter((chart) => chart.bars.length > 0)
                .map((chart) => (
                  <Section key={chart.title} title={chart.title}>
                    <ReportChart chart={chart} />
                  </Section>
                ))}
            </Grid>
            {report.tables.map((table) => (
              <ReportTable key={table.title} table={table} />
            ))}
            <Rate key={days} subject="insight" subjectId={`report/${days}`} />
          </Box>
        )}
      </Answered>
    </Stack>
  );
};
