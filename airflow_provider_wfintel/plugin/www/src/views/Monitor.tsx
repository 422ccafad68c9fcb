import { Stack } from "@chakra-ui/react";

import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { AlertList } from "src/views/AlertList";

/** How the deployment does. */
export const Monitor = () => (
  <Stack gap={4}>
    <Section title={strings.alerts.title}>
      <AlertList />
    </Section>
  </Stack>
);
