import { Button } from "@chakra-ui/react";

import type { More } from "src/api/pages";
import { strings } from "src/ui/strings";

/** Asks for the next page of a list; nothing where there is none. */
export const MoreButton = ({ more }: { readonly more: More }) =>
  more.load === undefined ? undefined : (
    <Button loading={more.isLoading} mt={2} onClick={more.load} size="xs" variant="outline">
      {strings.common.more}
    </Button>
  );
