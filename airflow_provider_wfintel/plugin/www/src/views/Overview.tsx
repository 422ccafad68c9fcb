import { Flex } from "@chakra-ui/react";

import { useHealthOfInstallation, useSatisfaction } from "src/api/hooks";
import { Answered, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

/** Asked, not computed: the mean of what people said. */
const Satisfaction = () => {
  const { data } = useSatisfaction();

  return data === undefined ? undefined : (
    <StatCard
      detail={strings.overview.asked(data.rated)}
      label={strings.overview.satisfaction}
      value={data.average === null ? "–" : data.average.toFixed(1)}
    />
  );
};

export const Overview = () => (
  <Answered query={useHealthOfInstallation()}>
    {(health) => (
      <Flex gap={4} wrap="wrap">
        <StatCard detail={`Airflow ${health.airflow_version}`} label={strings.overview.version} value={health.version} />
        <StatCard
          detail={strings.overview.catalog(health.catalog_version)}
          label={strings.overview.services}
          value={health.services}
        />
        <Satisfaction />
      </Flex>
    )}
  </Answered>
);
