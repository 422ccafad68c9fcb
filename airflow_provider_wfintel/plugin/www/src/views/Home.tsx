import { Box, Flex, Heading } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { NavLink, Route, Routes } from "react-router-dom";

import { strings } from "src/ui/strings";
import { Generate } from "src/views/Generate";
import { Overview } from "src/views/Overview";
import { Troubleshoot } from "src/views/Troubleshoot";

type Page = { readonly element: ReactNode; readonly path: string; readonly title: string };

const pages: ReadonlyArray<Page> = [
  { element: <Overview />, path: "", title: strings.nav.overview },
  { element: <Generate />, path: "generate", title: strings.nav.generate },
  { element: <Troubleshoot />, path: "troubleshoot", title: strings.nav.troubleshoot },
];

/** Where this app is mounted: the host serves it under `/plugin/<route>/*`. */
export const mountPoint = (pathname: string): string => /^.*\/plugin\/[^/]+/u.exec(pathname)?.[0] ?? "";

const inside = (path: string) => {
  const base = new URL(document.baseURI).pathname.replace(/\/$/u, "");
  const here = mountPoint(location.pathname);

  return `${here.startsWith(base) ? here.slice(base.length) : here}/${path}`;
};

/** Our pages behind Airflow's navigation entry. */
export const Home = () => (
  <Box p={{ base: 2, md: 4 }}>
    <Heading as="h1" mb={2} size="lg">
      {strings.title}
    </Heading>
    <Flex aria-label={strings.title} as="nav" borderBottomWidth={1} gap={4} mb={4} overflowX="auto">
      {pages.map((page) => (
        <NavLink end={page.path === ""} key={page.path} to={inside(page.path)}>
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
    </Routes>
  </Box>
);
