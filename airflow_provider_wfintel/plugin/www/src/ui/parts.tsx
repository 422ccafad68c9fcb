import { Alert, Badge, Box, Button, Flex, Heading, Skeleton, Stack, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";

import { ApiError } from "src/api/client";
import { percent } from "src/ui/format";
import { strings } from "src/ui/strings";

/** A titled part of a page. */
export const Section = ({
  action,
  children,
  title,
}: {
  readonly action?: ReactNode;
  readonly children: ReactNode;
  readonly title: string;
}) => (
  <Box as="section" aria-label={title} borderWidth={1} borderRadius="md" p={4} minW={0}>
    <Flex justify="space-between" align="center" mb={2} gap={2} wrap="wrap">
      <Heading as="h3" size="sm">
        {title}
      </Heading>
      {action}
    </Flex>
    {children}
  </Box>
);

/** One number, what it is, and what it rests on. */
export const StatCard = ({
  detail,
  label,
  value,
}: {
  readonly detail?: string;
  readonly label: string;
  readonly value: ReactNode;
}) => (
  <Box borderWidth={1} borderRadius="md" px={4} py={3} minW="160px" flex="1">
    <Text color="fg.muted" fontSize="sm">
      {label}
    </Text>
    <Text fontSize="2xl" fontWeight="semibold">
      {value}
    </Text>
    {detail === undefined || detail === "" ? undefined : (
      <Text color="fg.muted" fontSize="xs">
        {detail}
      </Text>
    )}
  </Box>
);

export const EmptyState = ({ children, title }: { readonly children?: ReactNode; readonly title: string }) => (
  <Box borderWidth={1} borderStyle="dashed" borderRadius="md" p={6} textAlign="center">
    <Text fontWeight="medium">{title}</Text>
    <Box color="fg.muted" fontSize="sm" mt={1}>
      {children}
    </Box>
  </Box>
);

/** What went wrong and what to do next. */
export const ErrorAlert = ({
  hint,
  onRetry,
  title,
}: {
  readonly hint?: string;
  readonly onRetry?: () => void;
  readonly title: string;
}) => (
  <Alert.Root status="error">
    <Alert.Indicator />
    <Alert.Content>
      <Alert.Title>{title}</Alert.Title>
      {hint === undefined || hint === "" ? undefined : <Alert.Description>{hint}</Alert.Description>}
    </Alert.Content>
    {onRetry === undefined ? undefined : (
      <Button onClick={onRetry} size="xs" variant="outline">
        {strings.common.retry}
      </Button>
    )}
  </Alert.Root>
);

/** The three states of a question to the server, and then its answer. */
export const Answered = <Answer,>({
  children,
  query,
  rows = 3,
}: {
  readonly children: (answer: Answer) => ReactNode;
  readonly query: {
    readonly data: Answer | undefined;
    readonly error: Error | null;
    readonly isLoading: boolean;
    readonly refetch?: () => unknown;
  };
  readonly rows?: number;
}) => {
  if (query.error !== null && query.data === undefined) {
    const hint = query.error instanceof ApiError ? query.error.hint : undefined;

    return <ErrorAlert hint={hint} onRetry={() => void query.refetch?.()} title={query.error.message} />;
  }
  if (query.data === undefined) {
    return query.isLoading ? (
      <Stack aria-busy aria-label={strings.common.loading} role="status">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton height="24px" key={row} />
        ))}
      </Stack>
    ) : undefined;
  }

  return <>{children(query.data)}</>;
};

/** A confidence between 0 and 1, in words for the eye and as a number. */
export const ConfidenceBadge = ({ value }: { readonly value: number }) => (
  <Badge colorPalette={value >= 0.8 ? "green" : value >= 0.5 ? "yellow" : "gray"} title="confidence">
    {percent(value)}
  </Badge>
);
