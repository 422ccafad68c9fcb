import { createSystem, defaultConfig } from "@chakra-ui/react";

/** The theme where no Airflow is around: tests and `vite dev`. Inside Airflow its own system is used. */
export const localSystem = createSystem(defaultConfig);
