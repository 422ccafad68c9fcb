import { ChakraProvider, type SystemContext } from "@chakra-ui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { FC } from "react";

import { CrashGuard } from "src/ui/CrashGuard";
import { localSystem } from "src/theme/system";
import { DagTab } from "src/views/DagTab";
import { DashboardCard } from "src/views/DashboardCard";
import { Home } from "src/views/Home";
import { RunTab } from "src/views/RunTab";
import { TaskTab } from "src/views/TaskTab";

/** The route parameters that Airflow's UI hands over. `mapIndex` is text; `-1` is a task that is not mapped. */
export type HostProps = {
  readonly dagId?: string;
  readonly mapIndex?: string;
  readonly runId?: string;
  readonly taskId?: string;
};

const queries = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1, staleTime: 15_000 } },
});

/** Airflow gives the card on its home page no parameters either: only the address tells it from our own pages. */
const onOwnPage = () => location.pathname.includes("/plugin/");

const view = ({ dagId, mapIndex, runId, taskId }: HostProps) => {
  if (dagId === undefined) {
    return onOwnPage() ? <Home /> : <DashboardCard />;
  }
  if (runId === undefined) {
    return <DagTab dagId={dagId} />;
  }

  return taskId === undefined ? (
    <RunTab dagId={dagId} runId={runId} />
  ) : (
    <TaskTab dagId={dagId} mapIndex={Number(mapIndex ?? "-1")} runId={runId} taskId={taskId} />
  );
};

const WorkflowIntelligence: FC<HostProps> = (props) => (
  <ChakraProvider value={(globalThis as { ChakraUISystem?: SystemContext }).ChakraUISystem ?? localSystem}>
    <QueryClientProvider client={queries}>
      <CrashGuard>{view(props)}</CrashGuard>
    </QueryClientProvider>
  </ChakraProvider>
);

export default WorkflowIntelligence;
