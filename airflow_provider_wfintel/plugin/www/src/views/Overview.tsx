import { Flex } from "@chakra-ui/react";

import { useHealthOfInstallation } from "src/api/hooks";
import { Answered, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

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
      </Flex>
    )}
  </Answered>
);
