import { Badge, Code, List } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { useConnectionIds, useProviders } from "src/api/airflow";
import type { Body } from "src/api/client";
import { CONNECTIONS, PROVIDERS } from "src/ui/links";
import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { connectionsOf, specOf } from "src/views/generateSpec";

const texts = strings.generate;
const PROVIDER = /^apache-airflow-providers-/u;

const Missing = ({ label, page, to }: { readonly label: string; readonly page: string; readonly to: string }) => (
  <>
    <Badge colorPalette="orange">{label}</Badge> <Link to={to}>{page}</Link>
  </>
);

/** Connections and distributions that the file uses, and which of them are not there yet. */
export const Needs = ({ answer }: { readonly answer: Body<"GenerationBody"> }) => {
  const connections = connectionsOf(specOf(answer));
  // Who may not read them sees the names without a word about whether they are there.
  const there = useConnectionIds().data;
  const installed = useProviders().data;

  return (
    <>
      {connections.length === 0 ? undefined : (
        <Section title={texts.connections}>
          <List.Root ps={4}>
            {connections.map((id) => (
              <List.Item key={id}>
                {id}{" "}
                {there === undefined || there.has(id) ? undefined : (
                  <Missing label={texts.connectionMissing} page={texts.createConnection} to={CONNECTIONS} />
                )}
              </List.Item>
            ))}
          </List.Root>
        </Section>
      )}
      {answer.requirements.length === 0 ? undefined : (
        <Section title={texts.missing}>
          <List.Root ps={4}>
            {answer.requirements.map((name) => (
              <List.Item key={name}>
                {name}{" "}
                {installed === undefined || !PROVIDER.test(name) || installed.has(name) ? undefined : (
                  <>
                    <Missing label={texts.providerMissing} page={texts.providersLink} to={PROVIDERS} />{" "}
                    <Code fontSize="xs">pip install {name}</Code>
                  </>
                )}
              </List.Item>
            ))}
          </List.Root>
        </Section>
      )}
    </>
  );
};
