import { Box, Flex, Heading } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { NavLink, Route, Routes } from "react-router-dom";

import { ownPage } from "src/ui/links";
import { strings } from "src/ui/strings";
import { Generate } from "src/views/Generate";
import { Monitor } from "src/views/Monitor";
import { Optimize } from "src/views/Optimize";
import { Overview } from "src/views/Overview";
import { Reports } from "src/views/Reports";
import { SessionPage } from "src/views/SessionPage";
import { Troubleshoot } from "src/views/Troubleshoot";

type Page = { readonly element: ReactNode; readonly path: string; readonly title: string };

const pages: ReadonlyArray<Page> = [
  { element: <Overview />, path: "", title: strings.nav.overview },
  { element: <Generate />, path: "generate", title: strings.nav.generate },
  { element: <Optimize />, path: "optimize", title: strings.nav.optimize },
  { element: <Monitor />, path: "monitor", title: strings.nav.monitor },
  { element: <Troubleshoot />, path: "troubleshoot", title: strings.nav.troubleshoot },
  { element: <Reports />, path: "reports", title: strings.nav.reports },
];

/** Our pages behind Airflow's navigation entry. */
export const Home = () => (
  <Box p={{ base: 2, md: 4 }}>
    <Heading as="h1" mb={2} size="lg">
      {strings.title}
    </Heading>
    <Flex aria-label={strings.title} as="nav" borderBottomWidth={1} gap={4} mb={4} overflowX="auto">
      {pages.map((page) => (
        <NavLink end={page.path === ""} key={page.path} to={ownPage(page.path)}>
          {({ isActive }: { readonly isActive: boolean }) => (
            <Box
              borderBottomWidth={2}
              borderColor={isActive ? "border.inverted" : "transparent"}
              fontWeight={isActive ? "semibold" : "normal"}
              pb={2}
              whiteSpace="nowrap"
            >
              {page.title}
            </Box>
          )}
        </NavLink>
      ))}
    </Flex>
    <Routes>
      {pages.map((page) =>
        page.path === "" ? (
          <Route element={page.element} index key="overview" />
        ) : (
          <Route element={page.element} key={page.path} path={page.path} />
        ),
      )}
      <Route element={<SessionPage />} path="troubleshoot/:sessionId" />
    </Routes>
  </Box>
);
