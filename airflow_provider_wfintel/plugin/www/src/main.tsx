import { ChakraProvider, type SystemContext } from "@chakra-ui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type FC, type KeyboardEvent, useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router-dom";

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

const LONGEST_WAIT_MS = 3000;
let settled = false;

/**
 * Whether the page may be shown.
 *
 * Airflow's UI draws a bundle that it has just loaded as one kind of element and, from its next drawing on, as another,
 * so that the first change of the address would throw away the page with the focus and what was typed. That change is
 * therefore made at once, while nothing is shown yet.
 */
const useSettled = (): boolean => {
  const [ready, setReady] = useState(settled);
  const navigate = useNavigate();
  const { hash, key, pathname, search, state } = useLocation();
  const [first] = useState(key);

  useEffect(() => {
    if (ready) {
      return undefined;
    }
    void navigate({ hash, pathname, search }, { replace: true, state: state as unknown });
    // Where the change does not come, the page is shown all the same.
    const timer = setTimeout(() => setReady(true), LONGEST_WAIT_MS);

    return () => clearTimeout(timer);
    // Once, with the address that the page was opened at.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    // Not before the change has come through: what is typed until then would be lost with the element.
    if (!ready && key !== first) {
      settled = true;
      setReady(true);
    }
  }, [first, key, ready]);

  return ready;
};

const Settled: FC<HostProps> = (props) => (useSettled() ? view(props) : undefined);

const OUR_KEYS = new Set([" ", "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Enter", "Home", "PageDown", "PageUp"]);

/** On pages of DAGs Airflow takes the space bar and the arrows anywhere for its grid: without this no button of ours
 * could be pressed with the one, and no log scrolled with the other. Its other shortcuts go on to it. */
const keepKeys = (event: KeyboardEvent) => {
  if (OUR_KEYS.has(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.stopPropagation();
  }
};

const WorkflowIntelligence: FC<HostProps> = (props) => (
  <ChakraProvider value={(globalThis as { ChakraUISystem?: SystemContext }).ChakraUISystem ?? localSystem}>
    <QueryClientProvider client={queries}>
      <CrashGuard>
        <div data-wfintel="page" onKeyDown={keepKeys} style={{ display: "contents" }}>
          <Settled {...props} />
        </div>
      </CrashGuard>
    </QueryClientProvider>
  </ChakraProvider>
);

export default WorkflowIntelligence;
