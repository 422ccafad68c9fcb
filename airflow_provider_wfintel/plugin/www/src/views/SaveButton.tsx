import { Button, Stack, Text } from "@chakra-ui/react";

import { ApiError } from "src/api/client";
import { type Edit, useHealthOfInstallation, useSave } from "src/api/hooks";
import { ErrorAlert } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.save;
const CONFLICT = 409;

/** Saves the file to the DAG folder, where the administrator allowed it. */
export const SaveButton = ({
  edits,
  source,
  text,
}: {
  readonly edits: ReadonlyArray<Edit>;
  readonly source: string;
  readonly text: string;
}) => {
  const installation = useHealthOfInstallation();
  const save = useSave();

  if (installation.data?.saves_dags !== true) {
    return undefined;
  }
  const conflict = save.error instanceof ApiError && save.error.status === CONFLICT;

  return (
    <Stack gap={1}>
      <Button
        loading={save.isPending}
        onClick={() => save.mutate({ edits, replace: conflict, source, text })}
        size="xs"
        variant="outline"
      >
        {conflict ? texts.replace : texts.save}
      </Button>
      {save.data === undefined ? undefined : (
        <Text aria-live="polite" fontSize="sm">
          {texts.done(save.data.file_name)}
        </Text>
      )}
      {save.error === null ? undefined : (
        <ErrorAlert hint={save.error instanceof ApiError ? save.error.hint : undefined} title={save.error.message} />
      )}
    </Stack>
  );
};
