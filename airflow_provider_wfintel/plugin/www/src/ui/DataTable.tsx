import { Box, Table } from "@chakra-ui/react";
import type { ReactNode } from "react";

/** A table that scrolls by itself where the page is narrower than it. The rows are `Table.Row` elements. */
export const DataTable = ({
  children,
  columns,
  label,
  minWidth,
}: {
  readonly children: ReactNode;
  readonly columns: ReadonlyArray<string>;
  readonly label?: string;
  readonly minWidth?: number;
}) => (
  <Box overflowX="auto" tabIndex={0}>
    <Table.Root aria-label={label} minW={minWidth === undefined ? undefined : `${minWidth}px`} size="sm">
      <Table.Header>
        <Table.Row>
          {columns.map((column) => (
            <Table.ColumnHeader key={column}>{column}</Table.ColumnHeader>
          ))}
        </Table.Row>
      </Table.Header>
      <Table.Body>{children}</Table.Body>
    </Table.Root>
  </Box>
);
