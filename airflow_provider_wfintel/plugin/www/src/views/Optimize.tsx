import { Box, Button, Field, Flex, Heading, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { useCallback, useEffect, useState } from "react";
import { useSearchParams } from "react-router-dom";

import { useDagIds } from "src/api/airflow";
import { type Question, type Strategy, useAnalysis } from "src/api/optimization";
import { useChoice } from "src/ui/address";
import { Answered } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { AnalysisView } from "src/views/AnalysisView";
import { PlanResults } from "src/views/PlanResults";

const texts = strings.optimize;
const STRATEGIES: ReadonlyArray<Strategy> = ["performance", "cost", "reliability", "hybrid"];
const NOTHING_SAID = { confirmed: [], skip: [] };

const toggled = (items: ReadonlyArray<string>, item: string) =>
  items.includes(item) ? items.filter((other) => other !== item) : [...items, item];

/** What would make one DAG better. */
export const OptimizeDag = ({ dagId }: { readonly dagId: string }) => {
  const [strategy, setStrategy] = useChoice("strategy", STRATEGIES, "performance");
  const [question, setQuestion] = useState<Pick<Question, "confirmed" | "skip">>(NOTHING_SAID);
  const analysis = useAnalysis();
  // What a person says of a part of the answer is a new question, which is asked at once.
  const say = (change: Partial<Question>) => {
    const next = { ...question, ...change };

    setQuestion(next);
    analysis.mutate({ ...next, dagId, strategy });
  };

  return (
    <Stack gap={4}>
      <Flex align="end" gap={2} wrap="wrap">
        <Field.Root maxW="240px">
          <Field.Label>{texts.strategy}</Field.Label>
          <NativeSelect.Root size="sm">
            <NativeSelect.Field
              onChange={(event) => {
                setStrategy(event.target.value as Strategy);
                setQuestion(NOTHING_SAID);
              }}
              value={strategy}
            >
              {STRATEGIES.map((item) => (
                <option key={item} value={item}>
                  {texts.strategies[item]}
                </option>
              ))}
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        </Field.Root>
        <Button disabled={dagId === ""} loading={analysis.isPending} onClick={() => say({})} size="sm">
          {texts.analyze}
        </Button>
      </Flex>
      {question.skip.length === 0 ? undefined : (
        <Flex align="center" gap={2} wrap="wrap">
          <Text fontSize="sm">{texts.skipped}</Text>
          {question.skip.map((name) => (
            <Button key={name} onClick={() => say({ skip: toggled(question.skip, name) })} size="xs" variant="outline">
              {texts.takeIn(name)}
            </Button>
          ))}
        </Flex>
      )}
      {question.confirmed.length === 0 ? undefined : (
        <Flex align="center" gap={2} wrap="wrap">
          <Text fontSize="sm">{texts.confirmed}</Text>
          {question.confirmed.map((word) => (
            <Button key={word} onClick={() => say({ confirmed: toggled(question.confirmed, word) })} size="xs" variant="outline">
              {texts.takeBack(word)}
            </Button>
          ))}
        </Flex>
      )}
      <Answered query={{ data: analysis.data, error: analysis.error, isLoading: analysis.isPending }} rows={6}>
        {(found) => (
          <AnalysisView
            analysis={found}
            onConfirm={(measure) => say({ confirmed: toggled(question.confirmed, measure) })}
            onSkip={(name) => say({ skip: toggled(question.skip, name) })}
          />
        )}
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
  const known = ids.data?.includes(typed) === true;
  const choose = useCallback(
    (id: string) => setSearch((before) => new URLSearchParams([...[...before].filter(([key]) => key !== "dag_id"), ["dag_id", id]])),
    [setSearch],
  );

  // The list comes after the last letter: a name is taken as soon as it is known to be one.
  useEffect(() => {
    if (known && typed !== dagId) {
      choose(typed);
    }
  }, [choose, dagId, known, typed]);

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
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => (event.key === "Enter" && typed !== "" ? choose(typed) : undefined)}
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
