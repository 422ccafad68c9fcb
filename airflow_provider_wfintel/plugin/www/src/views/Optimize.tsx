import { Box, Button, Field, Flex, Heading, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import { useSearchParams } from "react-router-dom";

import { useDagIds } from "src/api/airflow";
import { type Strategy, useAnalysis } from "src/api/optimization";
import { Answered } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { AnalysisView } from "src/views/AnalysisView";
import { PlanResults } from "src/views/PlanResults";

const texts = strings.optimize;
const STRATEGIES: ReadonlyArray<Strategy> = ["performance", "cost", "reliability", "hybrid"];

/** What would make one DAG better. */
export const OptimizeDag = ({ dagId }: { readonly dagId: string }) => {
  const [strategy, setStrategy] = useState<Strategy>("performance");
  const analysis = useAnalysis();

  return (
    <Stack gap={4}>
      <Flex align="end" gap={2} wrap="wrap">
        <Field.Root maxW="240px">
          <Field.Label>{texts.strategy}</Field.Label>
          <NativeSelect.Root size="sm">
            <NativeSelect.Field onChange={(event) => setStrategy(event.target.value as Strategy)} value={strategy}>
              {STRATEGIES.map((item) => (
                <option key={item} value={item}>
                  {texts.strategies[item]}
                </option>
              ))}
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        </Field.Root>
        <Button
          disabled={dagId === ""}
          loading={analysis.isPending}
          onClick={() => analysis.mutate({ dagId, strategy })}
          size="sm"
        >
          {texts.analyze}
        </Button>
      </Flex>
      <Answered query={{ data: analysis.data, error: analysis.error, isLoading: analysis.isPending }} rows={6}>
        {(found) => <AnalysisView analysis={found} />}
      </Answered>
      <PlanResults dagId={dagId} />
    </Stack>
  );
};

/** Pick a DAG, see what its layout costs. */
export const Optimize = () => {
  const [search, setSearch] = useSearchParams();
  const dagId = search.get("dag_id") ?? "";
  const [typed, setTyped] = useState(dagId);
  const ids = useDagIds(typed);

  return (
    <Stack gap={4}>
      <Box>
        <Heading as="h2" size="md">
          {texts.heading}
        </Heading>
        <Text color="fg.muted">{texts.intro}</Text>
      </Box>
      <Field.Root maxW="420px">
        <Field.Label>{texts.dag}</Field.Label>
        <Input
          list="wfintel-dags"
          onChange={(event) => {
            setTyped(event.target.value);
            if (ids.data?.includes(event.target.value)) {
              setSearch({ dag_id: event.target.value });
            }
          }}
          onKeyDown={(event) => (event.key === "Enter" && typed !== "" ? setSearch({ dag_id: typed }) : undefined)}
          value={typed}
        />
        <datalist id="wfintel-dags">
          {ids.data?.map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
      </Field.Root>
      {dagId === "" ? undefined : <OptimizeDag dagId={dagId} key={dagId} />}
    </Stack>
  );
};
